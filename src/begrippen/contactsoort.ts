/** Ways in which a municipality tries to reach a resident (DDAS v1.2, EnumContactsoort). */
export const contactsoorten = [
  'mail',
  'brief',
  'sms-whatsapp',
  'telefoon',
  'huisbezoek',
  'kaartje',
  'afspraak-op-locatie',
  'administratief',
  'overige',
  'onbekend'
] as const
export type Contactsoort = (typeof contactsoorten)[number]

/** Parts of the day: ochtend is before 12:00, avond from 18:00. */
export const dagdelen = ['ochtend', 'middag', 'avond'] as const
export type Dagdeel = (typeof dagdelen)[number]
