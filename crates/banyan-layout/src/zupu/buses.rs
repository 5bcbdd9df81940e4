//! Lines from a row of parents to the row of their children that never cross.

/// A family between two rows: x of the parent, and of the first and the last child.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Family {
    pub parent: i32,
    pub first: i32,
    pub last: i32,
}

/// The track of each family's bus, 0 for the uppermost. The families come from left to right, parents
/// and children both.
///
/// A bus reaches from the parent over all children. Where the children stand further left than the
/// parents, buses of neighbours overlap: the left one has to be above, for its parent's line comes
/// down through where the right one's bus is; and the other way round where they stand further right.
/// Both chains have an order of their own, so two walks give each the highest track there is for it.
pub(super) fn tracks(families: &[Family]) -> Vec<usize> {
    let mut tracks = vec![0usize; families.len()];
    let pairs = || families.windows(2).enumerate();
    for (left, pair) in pairs() {
        if let &[a, b] = pair
            && a.parent >= b.first
        {
            raise(&mut tracks, left, left + 1);
        }
    }
    for (left, pair) in pairs().rev() {
        if let &[a, b] = pair
            && a.last >= b.parent
        {
            raise(&mut tracks, left + 1, left);
        }
    }
    tracks
}

/// Puts `below` under `above`.
fn raise(tracks: &mut [usize], above: usize, below: usize) {
    let least = tracks.get(above).map_or(0, |track| track + 1);
    if let Some(track) = tracks.get_mut(below) {
        *track = least.max(*track);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn family(parent: i32, first: i32, last: i32) -> Family {
        Family { parent, first, last }
    }

    #[test]
    fn buses_that_lean_over_each_other_have_tracks_of_their_own() {
        for (families, expect) in [
            (vec![family(10, 0, 20), family(40, 30, 50)], vec![0, 0]),
            (vec![family(50, 0, 10), family(60, 20, 30), family(70, 40, 48)], vec![0, 1, 2]),
            (vec![family(0, 20, 30), family(10, 40, 50), family(20, 60, 70)], vec![2, 1, 0]),
            (vec![], vec![]),
        ] {
            assert_eq!(tracks(&families), expect, "{families:?}");
        }
    }

    proptest! {
        #[test]
        fn no_two_lines_cross(
            gaps in prop::collection::vec((1..90i32, 1..60i32, 0..80i32), 1..30), shift in -900..900i32
        ) {
            let (mut parent, mut child) = (0, shift);
            let families: Vec<Family> = gaps.into_iter().map(|(apart, before, wide)| {
                parent += apart;
                let first = child + before;
                child = first + wide;
                family(parent, first, child)
            }).collect();
            let tracks = tracks(&families);
            for (a, &one) in families.iter().enumerate() {
                for (b, &other) in families.iter().enumerate().skip(a + 1) {
                    let reach = |f: Family| (f.parent.min(f.first), f.parent.max(f.last));
                    let ((low, high), (from, to)) = (reach(one), reach(other));
                    if tracks[a] == tracks[b] {
                        prop_assert!(high < from, "{one:?} {other:?} share a track");
                    }
                    // A parent's line comes from above to its bus, a child's from its bus downwards.
                    let crossed = |bus: (i32, i32), at: i32| bus.0 <= at && at <= bus.1;
                    if tracks[a] < tracks[b] {
                        prop_assert!(!crossed((low, high), other.parent) );
                        prop_assert!(!crossed((from, to), one.first) && !crossed((from, to), one.last));
                    }
                    if tracks[b] < tracks[a] {
                        prop_assert!(!crossed((from, to), one.parent));
                        prop_assert!(!crossed((low, high), other.first) && !crossed((low, high), other.last));
                    }
                }
            }
        }
    }
}
