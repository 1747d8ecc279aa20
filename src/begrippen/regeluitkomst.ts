/** The possible results of a line of a delivery. */
export const regeluitkomsten = ['opgenomen', 'afgewezen', 'ongewijzigd'] as const
export type Regeluitkomst = (typeof regeluitkomsten)[number]
