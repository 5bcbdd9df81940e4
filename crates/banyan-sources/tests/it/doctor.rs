//! What the doctor finds, and whether the user that it proposes can do just what it says.

use std::{
    collections::BTreeSet,
    io::{Read, Write},
    net::TcpStream,
};

use banyan_sources::{
    Deadlines, Link, Password, WalkOptions,
    doctor::{Verdict, examine, viewer_line, viewer_line_on_request},
    keys,
    redis::{
        Occasion, PERMITS,
        resp::{Decoded, Reply, decode, encode},
    },
    snapshot,
};
use banyan_topology::Part;

use crate::server::{Plain, redis};

/// An administrator, who may say anything.
struct Admin {
    stream: TcpStream,
    received: Vec<u8>,
}

impl Admin {
    fn say(&mut self, words: &[&str]) -> Reply {
        let words: Vec<&[u8]> = words.iter().map(|word| word.as_bytes()).collect();
        let mut bytes = Vec::new();
        encode(&words, &mut bytes);
        self.stream.write_all(&bytes).unwrap();
        let mut chunk = [0; 64 * 1024];
        loop {
            if let Decoded::Reply(reply, taken) = decode(&self.received, 1 << 20).unwrap() {
                self.received.drain(..taken);
                return reply;
            }
            let count = self.stream.read(&mut chunk).unwrap();
            assert!(count > 0, "the server closed the connection");
            self.received.extend_from_slice(&chunk[..count]);
        }
    }
}

/// Each command without subcommands, and each subcommand, with the fewest words that it takes.
fn leaves(commands: &Reply) -> Vec<(String, usize)> {
    let mut leaves = Vec::new();
    for command in commands.elements().unwrap() {
        let facts = command.elements().unwrap();
        let arity = match facts[1] {
            Reply::Integer(arity) => arity.unsigned_abs() as usize,
            _ => panic!("{command:?}"),
        };
        match facts.get(9).and_then(Reply::elements) {
            Some(subcommands) if !subcommands.is_empty() => {
                leaves.extend(self::leaves(&facts[9]));
            }
            _ => leaves.push((facts[0].text().unwrap(), arity)),
        }
    }
    leaves
}

fn is_at_least_7(version: &str) -> bool {
    version.split('.').next().unwrap().parse::<u32>().unwrap() >= 7
}

#[tokio::test]
async fn the_proposed_user_can_do_what_a_viewer_does_and_nothing_else() {
    let Some(server) = redis(&[]).await else { return };
    let stream = TcpStream::connect(("127.0.0.1", server.port)).unwrap();
    let mut admin = Admin { stream, received: Vec::new() };
    let found = examine(&Link::new(server.target.clone()), Deadlines::default()).await.unwrap();
    if !is_at_least_7(&found.version) {
        println!("skipped: {} has no ACL DRYRUN", found.version);
        return;
    }
    let line = found.viewer.unwrap();
    assert_eq!(line, viewer_line(&found.version));
    let line = line.replace("PASSWORD", "sesame");
    let words: Vec<&str> = line.split(' ').collect();
    assert_eq!(admin.say(&words), Reply::Simple(b"OK".to_vec()), "{line}");

    // Every leaf of COMMAND, asked for as that user.
    let permitted_leaves = |admin: &mut Admin| {
        let mut permitted = BTreeSet::new();
        let commands = admin.say(&["COMMAND"]);
        let leaves = leaves(&commands);
        assert!(leaves.len() > 300, "{}", leaves.len());
        for (name, arity) in leaves {
            let mut words: Vec<&str> = vec!["ACL", "DRYRUN", "banyan"];
            words.extend(name.split('|'));
            words.resize(3 + arity.max(name.split('|').count()), "x");
            match admin.say(&words) {
                Reply::Simple(ok) if ok == b"OK" => {
                    permitted.insert(name);
                }
                Reply::Bulk(refusal) => {
                    let refusal = String::from_utf8_lossy(&refusal).into_owned();
                    assert!(refusal.contains("has no permissions"), "{refusal}");
                }
                other => panic!("{name}: {other:?}"),
            }
        }
        permitted
    };
    let said = |occasions: &[Occasion]| {
        let of_occasions = PERMITS.iter().filter(|permit| occasions.contains(&permit.occasion));
        let names: BTreeSet<String> = of_occasions
            .filter(|permit| line.contains(permit.name) || permit.occasion != Occasion::Viewing)
            .map(|permit| permit.name.to_owned())
            // These every user may say.
            .chain(["auth", "hello", "quit", "reset"].map(str::to_owned))
            .collect();
        names
    };
    let lacking =
        PERMITS.iter().filter(|p| p.occasion == Occasion::Viewing && !line.contains(p.name));
    for permit in lacking {
        assert!(permit.since > (7, 0), "{permit:?}");
    }
    assert_eq!(permitted_leaves(&mut admin), said(&[Occasion::Viewing]));

    // What that user sees is all there is.
    admin.say(&["SET", "user:1", "x"]);
    admin.say(&["XADD", "events", "*", "a", "b"]);
    let mut target = server.target.clone();
    target.user = Some("banyan".to_owned());
    target.password = Some(Password("sesame".to_owned()));
    let link = Link::new(target);
    let topology = snapshot(&link, Deadlines::default()).await.unwrap();
    let withheld: Vec<Part> = topology.withheld.iter().map(|withheld| withheld.part).collect();
    assert_eq!(withheld, [Part::Settings], "{:?}", topology.withheld);
    let walked = keys(&link, WalkOptions::default(), |_| {}).await.unwrap();
    assert_eq!((walked.seen, walked.withheld), (2, vec![]));
    let found = examine(&link, Deadlines::default()).await.unwrap();
    assert_eq!(found.user.as_deref(), Some("banyan"));
    for check in &found.checks {
        let expect = match check.command.as_str() {
            "config|get" | "getrange" | "hrandfield" | "zrange" => {
                matches!(check.verdict, Verdict::Refused(_))
            }
            "command" | "monitor" | "client|unblock" | "client|tracking" => {
                check.verdict == Verdict::NotTried
            }
            "client|no-touch" | "xinfo|stream" | "xinfo|groups" | "xinfo|consumers" => {
                matches!(&check.verdict, Verdict::Permitted)
                    || check.verdict == Verdict::Needs("7.2".to_owned())
            }
            _ => check.verdict == Verdict::Permitted,
        };
        assert!(expect, "{check:?}");
    }

    let line = viewer_line_on_request(&found.version);
    let words: Vec<&str> = line.split(' ').collect();
    assert_eq!(admin.say(&words), Reply::Simple(b"OK".to_vec()), "{line}");
    let mut both = said(&[Occasion::Viewing, Occasion::OnRequest]);
    // The subcommands of COMMAND come with it.
    both.remove("command");
    let mut permitted = permitted_leaves(&mut admin);
    permitted.retain(|name| !name.starts_with("command"));
    assert_eq!(permitted, both);
}

#[tokio::test]
async fn what_is_refused_and_what_it_costs() {
    let Some(server) = redis(&[]).await else { return };
    let mut admin = Plain::open(server.port);
    assert_eq!(admin.say("ACL SETUSER some on >pw +info +client|list +scan"), "+OK");
    let mut target = server.target.clone();
    target.user = Some("some".to_owned());
    target.password = Some(Password("pw".to_owned()));
    let found = examine(&Link::new(target), Deadlines::default()).await.unwrap();
    let verdict =
        |name: &str| &found.checks.iter().find(|check| check.command == name).unwrap().verdict;
    assert_eq!(verdict("scan"), &Verdict::Permitted);
    assert!(matches!(verdict("role"), Verdict::Refused(words) if words.contains("NOPERM")));
    assert_eq!(verdict("monitor"), &Verdict::NotTried);
    assert_eq!(found.hazards, Vec::<String>::new());
    assert!(found.micros_a_minute() > 0.0);
    assert_eq!(found.resp, Some(3));

    let found = examine(&Link::new(server.target.clone()), Deadlines::default()).await.unwrap();
    assert!(found.hazards.iter().any(|hazard| hazard.contains("configuration")), "{found:?}");
    let asleep = found.checks.iter().filter(|check| check.verdict == Verdict::NotTried).count();
    assert_eq!(asleep, 4, "MONITOR, COMMAND, CLIENT UNBLOCK and TRACKING are not tried");
}
