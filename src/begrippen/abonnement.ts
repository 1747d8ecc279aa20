/** Whether events are delivered to a subscription. */
export const abonnementstatussen = ['actief', 'uitgeschakeld'] as const
export type Abonnementstatus = (typeof abonnementstatussen)[number]

/** Why a subscription was switched off. */
export const uitschakelredenen = [
  'op-verzoek',
  'ontvanger-weg',
  'onbereikbaar',
  'client-zonder-toegang'
] as const
export type Uitschakelreden = (typeof uitschakelredenen)[number]

/** How the delivery of an event stands. */
export const bezorgstatussen = ['wacht', 'bezorgd', 'opgegeven'] as const
export type Bezorgstatus = (typeof bezorgstatussen)[number]

/** Why an attempt failed, where the status of the answer does not say it. */
export const bezorgfouten = [
  'adres-geweigerd',
  'naam-onbekend',
  'geen-verbinding',
  'certificaat-ongeldig',
  'tijd-verstreken',
  'doorverwijzing',
  'antwoord-onleesbaar'
] as const
export type Bezorgfout = (typeof bezorgfouten)[number]
