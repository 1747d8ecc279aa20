/** Why the receipt of a signal is not valid any more: its partner, or the municipality, found that it was wrong. */
export const ongeldigheidsredenen = ['foutief', 'bezwaar', 'onterecht-signaal'] as const
export type Ongeldigheidsreden = (typeof ongeldigheidsredenen)[number]
