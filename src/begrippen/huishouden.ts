/** How the signals of a household hang together, after the national monitor. */
export const matchsoorten = ['enkelvoudig', 'meervoudig', 'opeenvolgend'] as const
export type Matchsoort = (typeof matchsoorten)[number]

/** From what the doubt about an address comes: the national programme for address quality, or the municipality itself. */
export const adresindicatiebronnen = ['laa', 'eigen-onderzoek'] as const
export type Adresindicatiebron = (typeof adresindicatiebronnen)[number]
