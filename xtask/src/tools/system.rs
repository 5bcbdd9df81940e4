//! Programs of the operating system that the tests and the demo need.
