//! Whole branches to the rows where their links are shortest.
//!
//! Classes joined by links over one row form a cluster. A cluster with more long links
//! below than above moves down until one of them is short, and the other way round; clusters
//! that meet move on as one. It is the step of the network simplex method (Gansner, Koutsofios,
//! North and Vo, 1993) without its search for the best tree.

use super::super::kin::DisjointSets;
use crate::csr::Csr;

const PASSES: usize = 40;

/// Moves `row`, which must have every class below those above it, and keeps it so.
pub(super) fn shift(down: &Csr, row: &mut [i64]) {
    let links =
        || (0..down.len()).flat_map(|c| down.row(c).iter().map(move |&below| (c, below as usize)));
    let mut idle = 0;
    for pass in 0..PASSES {
        let mut sets = DisjointSets::new(down.len());
        for (above, below) in links() {
            if row[below] - row[above] == 1 {
                sets.join(above as u32, below as u32);
            }
        }
        let cluster: Vec<u32> = (0..down.len() as u32).map(|class| sets.find(class)).collect();
        // The long links below less those above, and the room on the side of the pass.
        let mut pull = vec![0i64; down.len()];
        let mut room = vec![i64::MAX; down.len()];
        let downwards = pass % 2 == 0;
        for (above, below) in links() {
            let slack = row[below] - row[above] - 1;
            let (a, b) = (cluster[above] as usize, cluster[below] as usize);
            if slack > 0 && a != b {
                pull[a] += 1;
                pull[b] -= 1;
                let mover = if downwards { a } else { b };
                room[mover] = room[mover].min(slack);
            }
        }
        let mut moved = false;
        for (class, row) in row.iter_mut().enumerate() {
            let cluster = cluster[class] as usize;
            if downwards && pull[cluster] > 0 {
                *row += room[cluster];
                moved = true;
            } else if !downwards && pull[cluster] < 0 {
                *row -= room[cluster];
                moved = true;
            }
        }
        idle = if moved { 0 } else { idle + 1 };
        if idle == 2 {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_branch_comes_down_to_its_only_link() {
        // 0 -> 1 -> 2 -> 3 -> 4 is the trunk; 5 and 6 are above 7, whose child is 4.
        let down = Csr::grouped(8, &[(0, 1), (1, 2), (2, 3), (3, 4), (5, 7), (6, 7), (7, 4)]);
        let mut row = [0, 1, 2, 3, 4, 0, 0, 1];
        shift(&down, &mut row);
        assert_eq!(row, [0, 1, 2, 3, 4, 2, 2, 3]);
    }
}
