/** The events counted per partner, each with what its `kenmerk` holds. */
export const gebeurtenissen = {
  opgenomen: 'sector',
  waarschuwing: 'criterium',
  intrekking: 'reden',
  betwisting: 'reden',
  'betwisting-ingetrokken': 'reden',
  'betwisting-gehandhaafd': 'reden'
} as const
export type Gebeurtenis = keyof typeof gebeurtenissen
