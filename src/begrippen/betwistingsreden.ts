import type { Intrekkingsreden } from './intrekkingsreden.ts'

/** Why a municipality contests a signal, and as what the partner's withdrawal then counts. */
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

/** What a partner can answer. */
export const betwistingsreacties = ['ingetrokken', 'gehandhaafd'] as const
export type Betwistingsreactie = (typeof betwistingsreacties)[number]
