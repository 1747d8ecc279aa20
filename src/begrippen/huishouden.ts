/** Kinds of match between the signals of a household, as in the national monitor. */
export const matchsoorten = ['enkelvoudig', 'meervoudig', 'opeenvolgend'] as const
export type Matchsoort = (typeof matchsoorten)[number]

/** Sources of doubt about an address: the national programme for address quality (LAA), or the municipality itself. */
export const adresindicatiebronnen = ['laa', 'eigen-onderzoek'] as const
export type Adresindicatiebron = (typeof adresindicatiebronnen)[number]
