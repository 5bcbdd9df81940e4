//! Lists of lists in two flat arrays (compressed sparse rows).

/// Row `i` has the items `items[starts[i]..starts[i + 1]]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Csr {
    /// One more entry than there are rows.
    pub starts: Vec<u32>,
    pub items: Vec<u32>,
}

impl Default for Csr {
    fn default() -> Self {
        Self { starts: vec![0], items: Vec::new() }
    }
}

impl Csr {
    /// The number of rows.
    pub fn len(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Appends a row.
    pub fn push<I: IntoIterator<Item = u32>>(&mut self, row: I) {
        self.items.extend(row);
        self.starts.push(self.items.len() as u32);
    }

    /// The items of row `index`; nothing for a row that does not exist.
    pub fn row(&self, index: usize) -> &[u32] {
        let (Some(&start), Some(&end)) = (self.starts.get(index), self.starts.get(index + 1))
        else {
            return &[];
        };
        self.items.get(start as usize..end as usize).unwrap_or(&[])
    }

    /// The same, to be ordered in another way.
    pub fn row_mut(&mut self, index: usize) -> &mut [u32] {
        let (Some(&start), Some(&end)) = (self.starts.get(index), self.starts.get(index + 1))
        else {
            return &mut [];
        };
        self.items.get_mut(start as usize..end as usize).unwrap_or_default()
    }

    /// All rows in order.
    pub fn rows(&self) -> impl Iterator<Item = &[u32]> {
        (0..self.len()).map(|index| self.row(index))
    }

    /// Groups the second members of `pairs` by the first, keeping their order; O(rows + pairs).
    /// Pairs whose first member is no row are left out.
    pub fn grouped(rows: usize, pairs: &[(u32, u32)]) -> Self {
        let mut starts = vec![0u32; rows + 1];
        for &(row, _) in pairs {
            if let Some(count) = starts.get_mut(row as usize + 1) {
                *count += 1;
            }
        }
        for row in 0..rows {
            starts[row + 1] += starts[row];
        }
        let mut next = starts.clone();
        let mut items = vec![0u32; starts[rows] as usize];
        for &(row, item) in pairs {
            if (row as usize) < rows {
                items[next[row as usize] as usize] = item;
                next[row as usize] += 1;
            }
        }
        Self { starts, items }
    }

    /// The reverse relation: row `j` lists the rows of `self` that hold `j`, ascending.
    pub fn transposed(&self, rows: usize) -> Self {
        let pairs: Vec<(u32, u32)> = self
            .rows()
            .enumerate()
            .flat_map(|(row, items)| items.iter().map(move |&item| (item, row as u32)))
            .collect();
        Self::grouped(rows, &pairs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transposing_twice_sorts_the_rows() {
        let mut csr = Csr::default();
        csr.push([2, 0]);
        csr.push([]);
        csr.push([2]);
        let back = csr.transposed(3);
        assert_eq!(back.rows().collect::<Vec<_>>(), [&[0][..], &[], &[0, 2]]);
        assert_eq!(back.transposed(3).rows().collect::<Vec<_>>(), [&[0, 2][..], &[], &[2]]);
    }

    #[test]
    fn a_missing_row_is_empty() {
        assert!(Csr::default().row(7).is_empty());
    }
}
