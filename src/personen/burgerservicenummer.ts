const weights = [9, 8, 7, 6, 5, 4, 3, 2, -1]

/** True for nine digits that pass the 11-test of the burgerservicenummer; nine zeros never do. */
export function isElfproef(bsn: string): boolean {
  if (!/^\d{9}$/.test(bsn) || bsn === '000000000') return false
  const sum = weights.reduce((total, weight, position) => total + weight * Number(bsn[position]), 0)
  return sum % 11 === 0
}
