//! Which lines belong to a person, so that they can be lit.

use banyan_kin::{Genealogy, PersonId, UnionId};
use banyan_layout::{csr::Csr, geometry::Point, routes::Routes};

use crate::world::MOST_LINES;

/// The lines of every union.
#[derive(Clone, Debug, Default)]
pub(super) struct UnionLines(Csr);

impl UnionLines {
    /// For so many unions; `route_unions` has the union that each line belongs to.
    pub(super) fn new(unions: usize, route_unions: &[u32]) -> Self {
        // Lines of no union, such as the frame of a table, are lit by nobody.
        let lines = route_unions.iter().copied().zip(0u32..);
        let pairs: Vec<(u32, u32)> =
            lines.filter(|(union, _)| (*union as usize) < unions).collect();
        Self(Csr::grouped(unions, &pairs))
    }

    pub(super) fn of_union(&self, union: UnionId) -> &[u32] {
        self.0.row(union.index())
    }

    /// To the parents, to each partner, to every child: also to those whose line hangs from the
    /// other partner.
    pub(super) fn of(
        &self,
        person: PersonId,
        genealogy: &Genealogy,
        routes: &Routes,
    ) -> Vec<Vec<Point>> {
        let above =
            genealogy.parent_unions(person).iter().flat_map(|link| self.0.row(link.union.index()));
        let above = above.copied().filter(|&line| {
            routes
                .ends
                .get(line as usize)
                .is_some_and(|&(from, to)| from == person.0 || to == person.0)
        });
        let own =
            genealogy.partner_unions(person).iter().flat_map(|union| self.0.row(union.index()));
        above
            .chain(own.copied())
            .take(MOST_LINES)
            .map(|line| routes.line(line as usize).to_vec())
            .collect()
    }
}
