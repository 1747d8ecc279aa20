/** What is counted of a partner's signals, and what tells its kinds apart. */
export const gebeurtenissen = {
  opgenomen: 'sector',
  waarschuwing: 'criterium',
  intrekking: 'reden',
  betwisting: 'reden',
  'betwisting-ingetrokken': 'reden',
  'betwisting-gehandhaafd': 'reden'
} as const
export type Gebeurtenis = keyof typeof gebeurtenissen
