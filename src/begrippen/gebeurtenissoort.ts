/**
 * The kinds of events that a municipality can subscribe to (CloudEvents `type`), each with what it tells and the ids that it
 * gives besides `gemeentecode`.
 */
export const gebeurtenissoorten = {
  'nl.vroegsignalering.signaal-ontvangen': {
    uitleg: 'Een signaal over een inwoner is aangenomen, of uit een andere gemeente doorgezonden.',
    velden: ['vroegsignaalId']
  },
  'nl.vroegsignalering.signaal-ingetrokken': {
    uitleg:
      'Een partner trok een signaal in. Het is uit elke lijst verdwenen en niet meer op te vragen; vernietig wat u ervan hebt.',
    velden: ['vroegsignaalId']
  },
  'nl.vroegsignalering.huishouden-gematcht': {
    uitleg:
      'Op een adres is een huishouden ontstaan, of een huishouden kreeg er een matchsoort bij (`meervoudig` of `opeenvolgend`).',
    velden: ['huishoudenId']
  },
  'nl.vroegsignalering.crisis-gemeld': {
    uitleg:
      'Een ontvangen signaal is een afsluit-, ontruimings- of royementssignaal. Het komt naast `signaal-ontvangen`, voor wie alleen van crises wil horen.',
    velden: ['vroegsignaalId']
  },
  'nl.vroegsignalering.terugkoppeling-gegeven': {
    uitleg: 'De partner van een signaal kreeg een terugkoppeling uit uw gemeente.',
    velden: ['vroegsignaalId']
  },
  'nl.vroegsignalering.signaal-betwist': {
    uitleg: 'Uw gemeente betwistte een signaal.',
    velden: ['vroegsignaalId', 'betwistingId']
  },
  'nl.vroegsignalering.gegevens-vernietigd': {
    uitleg:
      'Persoonsgegevens zijn vernietigd; de verklaring staat klaar. Welke signalen het waren, staat er niet bij: huishoudens die verdwenen, vindt u in `_deltas`.',
    velden: ['vernietigingId']
  }
} as const
export type Gebeurtenissoort = keyof typeof gebeurtenissoorten

/** The kinds as a list. */
export const gebeurtenissoortlijst = Object.keys(gebeurtenissoorten) as Gebeurtenissoort[]

/** The kind of a trial, which nobody subscribes to. */
export const proefsoort = 'nl.vroegsignalering.proef'
