/** A suspended partner can do nothing until it is active again. */
export const signaalpartnerstatussen = ['actief', 'geschorst'] as const
export type Signaalpartnerstatus = (typeof signaalpartnerstatussen)[number]

/** What the operator may decide on a partner that applies. */
export const besluiten = ['toegelaten', 'afgewezen'] as const
export type Besluit = (typeof besluiten)[number]

/** Where an application of a partner stands. */
export const aanmeldingstatussen = ['ontvangen', ...besluiten] as const
export type Aanmeldingstatus = (typeof aanmeldingstatussen)[number]

/** The parties that sign an agreement. */
export const partijen = ['signaalpartner', 'gemeente'] as const
export type Partij = (typeof partijen)[number]

/** Ways in which the operator can stop an agreement before its term is over. */
export const ingrepen = ['opgeschort', 'beeindigd'] as const
export type Ingreep = (typeof ingrepen)[number]

/** The status of an agreement; it follows from its signatures, its term and what the operator did. */
export const overeenkomststatussen = ['ter-ondertekening', 'actief', ...ingrepen] as const
export type Overeenkomststatus = (typeof overeenkomststatussen)[number]

/** What a meervoudige match counts: two or more signals, partners or sectors. */
export const matchtellingen = ['signalen', 'signaalpartners', 'sectoren'] as const
export type MatchTelling = (typeof matchtellingen)[number]
