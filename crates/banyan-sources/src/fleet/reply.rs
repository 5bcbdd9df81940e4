//! Reading replies about other servers.

use banyan_topology::{Fault, Part, Withheld};

use crate::redis::{refusal, resp::Reply};

/// The text of a name among the reply's pairs, unless it is empty.
pub(super) fn field(reply: &Reply, name: &str) -> Option<String> {
    reply.get(name)?.text().filter(|text| !text.is_empty())
}

pub(super) fn number(reply: &Reply, name: &str) -> Option<u64> {
    reply.get(name)?.number()
}

/// The elements of an array; none of anything else.
pub(super) fn items(reply: &Reply) -> &[Reply] {
    reply.elements().unwrap_or_default()
}

/// `reply`, or nothing and a word on why; an error if it concerns the whole connection.
pub(super) fn granted(reply: Reply, withheld: &mut Vec<Withheld>) -> Result<Option<Reply>, Fault> {
    if !matches!(reply, Reply::Error(_)) {
        return Ok(Some(reply));
    }
    let refused = Withheld { part: Part::Fleet, reason: refusal(&reply)? };
    if !withheld.contains(&refused) {
        withheld.push(refused);
    }
    Ok(None)
}
