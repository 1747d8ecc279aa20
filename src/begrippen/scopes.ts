/** The three kinds of callers. */
export const rollen = ['signaalpartner', 'gemeente', 'beheer'] as const
export type Rol = (typeof rollen)[number]

/** Which scopes each role may be given; the order is that of the documentation. */
export const scopesPerRol = {
  signaalpartner: [
    'vroegsignalen:aanleveren',
    'vroegsignalen:lezen',
    'terugkoppelingen:lezen',
    'overeenkomsten:ondertekenen'
  ],
  gemeente: [
    'huishoudens:lezen',
    'vroegsignalen:lezen',
    'zaken:schrijven',
    'betrokkenen:beheren',
    'abonnementen:beheren',
    'verantwoording:lezen',
    'ddas:lezen',
    'instellingen:beheren',
    'overeenkomsten:ondertekenen'
  ],
  beheer: ['beheer']
} as const satisfies Record<Rol, readonly string[]>
export type Scope = (typeof scopesPerRol)[Rol][number]

/** A description of each scope, for the security scheme of the OpenAPI document. */
export const scopeTexts: Readonly<Record<Scope, string>> = {
  'vroegsignalen:aanleveren': 'Signalen aanleveren en vooraf laten beoordelen',
  'vroegsignalen:lezen': 'Signalen lezen: een partner de eigen, een gemeente die van haar inwoners',
  'terugkoppelingen:lezen': 'Terugkoppelingen op de eigen signalen lezen',
  'huishoudens:lezen': 'Gematchte huishoudens lezen en zoeken',
  'zaken:schrijven': 'Zaken, contactpogingen en resultaten vastleggen',
  'betrokkenen:beheren': 'Verzoeken van inwoners uitvoeren',
  'abonnementen:beheren': 'Abonnementen op gebeurtenissen beheren',
  'verantwoording:lezen': 'Verwerkingen en vernietigingen inzien',
  'ddas:lezen': 'De DDAS-levering voor het CBS opvragen',
  'instellingen:beheren': 'De instellingen van de eigen gemeente wijzigen',
  'overeenkomsten:ondertekenen': 'Overeenkomsten ondertekenen namens de eigen organisatie',
  beheer: 'Organisaties, overeenkomsten en clients beheren; nooit persoonsgegevens'
}

/**
 * Who may call a route. The caller needs one of the scopes listed for its role; an empty list means that the role is
 * enough.
 */
export type Access = 'open' | { readonly [rol in Rol]?: readonly Scope[] }
