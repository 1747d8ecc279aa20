import type { Intrekkingsreden } from './intrekkingsreden.ts'

/** Why a municipality contests a signal, each with the reason that is recorded when the partner then withdraws it. */
export const betwistingsredenen = {
  'te-klein': 'foutief',
  'regeling-loopt': 'betalingsregeling',
  'al-betaald': 'betaald',
  'geen-sociale-incasso': 'foutief',
  'onjuiste-gegevens': 'foutief',
  anders: 'foutief'
} as const satisfies Record<string, Intrekkingsreden>
export type Betwistingsreden = keyof typeof betwistingsredenen

export const betwistingsredenlijst = Object.keys(betwistingsredenen) as Betwistingsreden[]

/** How a partner can answer a contest: by withdrawing the signal or upholding it. */
export const betwistingsreacties = ['ingetrokken', 'gehandhaafd'] as const
export type Betwistingsreactie = (typeof betwistingsreacties)[number]
