//! Files as they come out, looked at again; and pictures pixel by pixel.

#[cfg(test)]
mod goldens;
#[cfg(test)]
mod ink;
#[cfg(test)]
mod pdf;
#[cfg(test)]
mod photos;
#[cfg(test)]
mod png;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod sprites;
#[cfg(test)]
mod svg;
#[cfg(test)]
mod turned;
