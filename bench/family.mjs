// A made-up family of exactly so many persons, the same for the same seed: couples with two to four
// children each, of whom most marry somebody from elsewhere.

/** The text of a GEDCOM 5.5.1 file. */
export function family(persons, seed = 1) {
  const random = generator(seed);
  const everyone = [];
  const families = [];
  const born = (sex, year, childOf) => {
    const given = (sex === 'M' ? MEN : WOMEN)[Math.floor(random() * MEN.length)];
    const surname = childOf?.husband.surname ?? SURNAMES[Math.floor(random() * SURNAMES.length)];
    const died = year + 40 + Math.floor(random() * 50);
    const person = { id: everyone.length + 1, given, surname, sex, year, died, childOf };
    everyone.push(person);
    return person;
  };
  // The next to marry are those who were born first, so that the tree grows in breadth.
  const single = [born('M', 1600)];
  while (everyone.length < persons && single.length > 0) {
    const one = single.shift();
    const other = born(one.sex === 'M' ? 'F' : 'M', one.year + Math.floor(random() * 6) - 3);
    const [husband, wife] = one.sex === 'M' ? [one, other] : [other, one];
    const union = { id: families.length + 1, husband, wife, children: [] };
    families.push(union);
    one.partnerIn = union;
    other.partnerIn = union;
    const wanted = 2 + Math.floor(random() * 3);
    while (union.children.length < wanted && everyone.length < persons) {
      const year = wife.year + 22 + 3 * union.children.length;
      const child = born(random() < 0.5 ? 'M' : 'F', year, union);
      union.children.push(child);
      if (random() < 0.75 || single.length === 0) single.push(child);
    }
  }
  const lines = [
    '0 HEAD',
    '1 GEDC',
    '2 VERS 5.5.1',
    '1 CHAR UTF-8',
    ...everyone.flatMap((person) => [
      `0 @I${person.id}@ INDI`,
      `1 NAME ${person.given} /${person.surname}/`,
      `1 SEX ${person.sex}`,
      '1 BIRT',
      `2 DATE ${person.year}`,
      '1 DEAT',
      `2 DATE ${person.died}`,
      ...(person.childOf ? [`1 FAMC @F${person.childOf.id}@`] : []),
      ...(person.partnerIn ? [`1 FAMS @F${person.partnerIn.id}@`] : []),
    ]),
    ...families.flatMap(({ id, husband, wife, children }) => [
      `0 @F${id}@ FAM`,
      `1 HUSB @I${husband.id}@`,
      `1 WIFE @I${wife.id}@`,
      ...children.map((child) => `1 CHIL @I${child.id}@`),
    ]),
    '0 TRLR',
  ];
  return `${lines.join('\n')}\n`;
}

const MEN = ['Adam', 'Bernhard', 'Carl', 'David', 'Emil', 'Friedrich', 'Georg', 'Hans'];
const WOMEN = ['Anna', 'Berta', 'Clara', 'Dora', 'Emma', 'Frieda', 'Greta', 'Hanna'];
const SURNAMES = ['Ahorn', 'Birke', 'Buche', 'Eiche', 'Erle', 'Esche', 'Linde', 'Ulme', 'Weide'];

/** Numbers from 0 to 1 (mulberry32). */
function generator(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
