/**
 * The prefixes of surnames, after the BRP's table of them (Landelijke Tabel 36), each once and in lower case, with what
 * is usual elsewhere and the abbreviations that exports write. Case and punctuation do not count: `v d` is `v.d.` and
 * `v/d`.
 */
export const voorvoegsels: readonly string[] = `
a, aan, aan de, aan den, aan der, aan het, aan 't, abd, abd el, abdel, abdul, abou, abu, af, ait, al, am, am de,
auf, auf dem, auf den, auf der, auf ter, aus, aus dem, aus den, aus der, aus 'm, av, ben, bent, bij, bij de, bij den,
bij der, bij het, bij 't, bin, bint, bou, boven d', boven de, boven den, boven 't, d', da, dal, dall', dalla, das, de,
de die, de die le, de l', de la, de las, de le, de les, de los, de van der, deca, degli, dei, del, dela, dell', della,
delle, dello, den, der, des, di, die, die le, do, don, dos, du, el, el ben, het, i, ibn, il, im, in, in de, in den,
in der, in het, in 't, l', la, las, le, les, lo, los, o', of, onder, onder de, onder den, onder der, onder het,
onder 't, op, op de, op den, op der, op gen, op het, op 't, op ten, ou, ould, over, over de, over den, over der,
over het, over 't, 's, 't, te, ten, ter, tho, thoe, thor, to, toe, tot, uijt, uijt de, uijt den, uijt der, uijt het,
uijt 't, uijt te de, uijt ten, uit, uit de, uit den, uit der, uit het, uit 't, uit te de, uit ten, uyt, uyt de,
uyt den, uyt der, unter, van, van de, van de l', van den, van der, van die, van gen, van het, van in 't, van la,
van op den, van 's, van 't, van te, van ten, van ter, van tot, van uit, van van de, vande, vanden, vander, ver, vom,
vom und zum, von, von de, von dem, von den, von der, von 't, von und zu, von zu, voor, voor de, voor den, voor der,
voor het, voor in 't, voor 't, vor, vor dem, vor der, zu, zum, zur,
v, v d, v de, v den, v der, v dn, v dr, v h, v het, v 't, van d, van dn, van dr, van h, vd, vdn, vdr, vh,
a d, aan d, i d, in d, in h, o d, op d, over d, u d, uit d
`
  .trim()
  .split(/,\s+/)
