const weights = [9, 8, 7, 6, 5, 4, 3, 2, -1]

/** True for nine digits that pass the 11-test of the burgerservicenummer; with two zeros in front none does, for none was given. */
export function isElfproef(bsn: string): boolean {
  if (!/^\d{9}$/.test(bsn) || bsn.startsWith('00')) return false
  const sum = weights.reduce((total, weight, position) => total + weight * Number(bsn[position]), 0)
  return sum % 11 === 0
}
