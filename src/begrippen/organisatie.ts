/** A suspended partner can do nothing until it is active again. */
export const signaalpartnerstatussen = ['actief', 'geschorst'] as const
export type Signaalpartnerstatus = (typeof signaalpartnerstatussen)[number]

/** Who signs an agreement. */
export const partijen = ['signaalpartner', 'gemeente'] as const
export type Partij = (typeof partijen)[number]

/** What the operator can do to an agreement before its term is over. */
export const ingrepen = ['opgeschort', 'beeindigd'] as const
export type Ingreep = (typeof ingrepen)[number]

export const overeenkomststatussen = ['ter-ondertekening', 'actief', ...ingrepen] as const
export type Overeenkomststatus = (typeof overeenkomststatussen)[number]

/** What counts as two or more for a meervoudige match. */
export const matchtellingen = ['signalen', 'signaalpartners', 'sectoren'] as const
export type MatchTelling = (typeof matchtellingen)[number]
