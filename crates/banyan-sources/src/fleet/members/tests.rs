use super::*;

async fn dial(seed: &Link, address: &str) -> Dialled {
    let serial = seed.members.enter(address, Protocol::Redis, NodeRole::Master).unwrap();
    seed.members.dial(seed, serial, Deadlines::default()).await.ok().unwrap()
}

#[tokio::test]
async fn addresses_of_one_server_are_one_member() {
    let seed = Link::new("redis://:pw@localhost:7000".parse().unwrap());
    let members = &seed.members;
    members.start(&seed);
    assert!(matches!(members.dial(&seed, 0, Deadlines::default()).await, Ok(Dialled::Link(_))));
    assert!(matches!(dial(&seed, "127.0.0.1:7000").await, Dialled::SameAs(0)));
    let Dialled::Link(other) = dial(&seed, "127.0.0.1:7001").await else { unreachable!() };
    assert_eq!(other.target.password, seed.target.password);
    assert!(matches!(dial(&seed, "169.254.169.254:80").await, Dialled::NotPermitted));
    assert!(matches!(dial(&seed, "10.0.0.1:80").await, Dialled::NotPermitted));
    members.number(1);
    members.number(2);
    assert_eq!(members.index_at("127.0.0.1:7000"), Some(0));
    assert_eq!(members.index_at("127.0.0.1:7001"), Some(1));
    assert_eq!(members.index_at("10.0.0.1:80"), None);
    let order: Vec<_> = members.seats().into_iter().map(|seat| seat.address).collect();
    assert_eq!(order, ["localhost:7000", "127.0.0.1:7001"]);
}

#[tokio::test]
async fn a_name_is_followed_to_its_next_address() {
    let seed = Link::new("redis://127.0.0.1:7000".parse().unwrap());
    let members = &seed.members;
    members.start(&seed);
    let Dialled::Link(named) = dial(&seed, "localhost:7001").await else { unreachable!() };
    let Dialled::Link(again) = dial(&seed, "localhost:7001").await else { unreachable!() };
    assert_eq!(again.target, named.target);
    // As if the name had led elsewhere so far; and an address, which is nothing to look up.
    let elsewhere = SocketAddr::from(([127, 0, 0, 9], 7001));
    let Dialled::Link(fixed) = dial(&seed, "127.0.0.8:7001").await else { unreachable!() };
    for serial in [1, 2] {
        lock(&members.state).member(serial, |member| {
            member.at = vec![elsewhere];
            let link = member.link.as_mut().unwrap();
            link.target = target_at(&seed.target, "", elsewhere, Protocol::Redis);
        });
    }
    let Dialled::Link(moved) = dial(&seed, "localhost:7001").await else { unreachable!() };
    assert_eq!(moved.target, named.target);
    assert!(std::sync::Arc::ptr_eq(&moved.meter, &named.meter), "it costs the same server");
    let Dialled::Link(stays) = dial(&seed, "127.0.0.8:7001").await else { unreachable!() };
    assert_ne!(stays.target, fixed.target);
}

#[test]
fn whom_nobody_names_makes_room() {
    let seed = Link::new("redis://127.0.0.1:7000".parse().unwrap());
    let members = &seed.members;
    members.start(&seed);
    let enter = |address: &str| members.enter(address, Protocol::Redis, NodeRole::Replica).unwrap();
    let [one, two, three] = ["10.0.0.1:1", "10.0.0.2:1", "10.0.0.3:1"].map(enter);
    for serial in [one, two, three] {
        members.number(serial);
    }
    members.same(three, one);
    let last = Last { role: NodeRole::Replica, ..Last::default() };
    members.remember([Last::default(), last.clone(), last.clone()]);
    let grace = Duration::from_secs(10);
    // The seed and whoever has another name are not given back; nor is one that comes again.
    members.age(&[one].into(), 1_000, grace);
    members.age(&[one, two].into(), 9_000, grace);
    assert!(members.unnamed().is_empty());
    members.age(&[one].into(), 11_000, grace);
    assert_eq!(members.unnamed(), [two]);
    members.age(&[one].into(), 20_999, grace);
    assert_eq!(members.serials().len(), 4);
    members.age(&[one].into(), 21_000, grace);
    assert_eq!(members.serials(), [0, one, three].into());
    assert_eq!(members.index_at("10.0.0.2:1"), None);
    // Its place is shown with what it was, and goes to the next.
    let seat = members.seats().remove(2);
    assert_eq!((seat.serial, seat.last), (None, Some(last)));
    assert_eq!(seat.unnamed_since_millis, Some(11_000));
    let four = enter("10.0.0.4:1");
    assert!(four > three, "a serial is given once");
    members.number(four);
    assert_eq!(members.index_at("10.0.0.4:1"), Some(2));
    assert_eq!(members.seats().remove(2).unnamed_since_millis, None);
    // Another address goes with its server, and ranks are closed.
    members.age(&[four].into(), 30_000, grace);
    members.age(&[four].into(), 40_000, grace);
    assert_eq!(members.serials(), [0, four].into());
    members.close_ranks();
    assert_eq!(members.index_at("10.0.0.4:1"), Some(1));
    assert_eq!(members.seats().len(), 2);
}

#[test]
fn there_is_an_end_to_members() {
    let seed = Link::new("redis://127.0.0.1:7000".parse().unwrap());
    let members = &seed.members;
    members.start(&seed);
    let enter =
        |number: usize| members.enter(&format!("h{number}:1"), Protocol::Redis, NodeRole::Master);
    assert!((1..MAX_MEMBERS).all(|number| enter(number).is_some()));
    assert_eq!(enter(MAX_MEMBERS), None);
    let named: BTreeSet<Serial> = (0..MAX_MEMBERS - 1).collect();
    members.age(&named, 1, Duration::MAX);
    assert!(enter(MAX_MEMBERS).is_some());
    assert_eq!(members.serials().len(), MAX_MEMBERS);
}

#[test]
fn the_last_hundred_events_are_kept() {
    let members = Members::default();
    for at_millis in 0..150 {
        members.note(FleetEvent { at_millis, name: String::new(), detail: String::new() });
    }
    let events = members.events();
    assert_eq!((events.len(), events[0].at_millis), (100, 50));
}
