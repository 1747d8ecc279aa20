import type { Aanleiding } from './aanleiding.ts'

/**
 * Why a signal is destroyed, each with the reason that the statement of destruction gives. A signal that should not have
 * been given was processed unlawfully, so it is erased (AVG art. 17 lid 1, onder d).
 */
export const vernietigingsgronden = {
  bewaartermijn: 'bewaartermijn',
  'geen-hulp': 'geen-hulp',
  wissing: 'wissing',
  bezwaar: 'bezwaar',
  intrekking: 'intrekking',
  'onterecht-signaal': 'wissing'
} as const satisfies Record<string, Aanleiding>
export type Vernietigingsgrond = keyof typeof vernietigingsgronden
