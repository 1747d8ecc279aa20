/** The activities on a resident's data; each line of the processing log names one (AVG art. 30). */
export const verwerkingsactiviteiten = [
  'vroegsignaal-aannemen',
  'vroegsignaal-inzien',
  'vroegsignaal-corrigeren',
  'vroegsignaal-intrekken',
  'vroegsignaal-doorzenden',
  'vroegsignaal-betwisten',
  'betwisting-inzien',
  'betwisting-beantwoorden',
  'terugkoppeling-inzien',
  'huishouden-inzien',
  'adres-aanduiden',
  'adres-herleiden',
  'gemeente-herindelen',
  'zaak-openen',
  'zaak-uitbreiden',
  'zaak-inzien',
  'zaak-afsluiten',
  'zaak-heropenen',
  'contactpoging-vastleggen',
  'inzage-verlenen',
  'wissing-uitvoeren',
  'bezwaar-vastleggen',
  'bezwaar-intrekken',
  'rectificatie-uitvoeren',
  'beperking-vastleggen',
  'beperking-opheffen',
  'ddas-leveren'
] as const
export type Verwerkingsactiviteit = (typeof verwerkingsactiviteiten)[number]

/** The activities in which a municipality looks at data and changes nothing. */
export const inzagen: readonly Verwerkingsactiviteit[] = [
  'vroegsignaal-inzien',
  'huishouden-inzien',
  'zaak-inzien',
  'betwisting-inzien'
]

/** The activities by which a municipality acts upon what it saw. */
export const opvolgingen: readonly Verwerkingsactiviteit[] = [
  'vroegsignaal-doorzenden',
  'vroegsignaal-betwisten',
  'adres-aanduiden',
  'zaak-openen',
  'zaak-uitbreiden',
  'zaak-afsluiten',
  'zaak-heropenen',
  'contactpoging-vastleggen',
  'inzage-verlenen',
  'wissing-uitvoeren',
  'bezwaar-vastleggen',
  'rectificatie-uitvoeren',
  'beperking-vastleggen'
]
