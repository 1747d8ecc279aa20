/** Why personal data were destroyed. */
export const aanleidingen = ['bewaartermijn', 'geen-hulp', 'wissing', 'bezwaar', 'intrekking'] as const
export type Aanleiding = (typeof aanleidingen)[number]
