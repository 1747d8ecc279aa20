// Runs in the browser. Swagger UI knows English only, so its words are replaced as they appear on the page.

const dutch = {
  Authorize: 'Inloggen',
  'Available authorizations': 'Inloggen',
  'Scopes are used to grant an application different levels of access to data on behalf of the end user. Each API may declare one or more scopes.':
    'Scopes bepalen wat een client mag.',
  'API requires the following scopes. Select which ones you want to grant to Swagger UI.':
    'Kies de scopes die u wilt gebruiken; kiest u er geen, dan krijgt u ze alle.',
  'Token URL:': 'Adres voor tokens:',
  'select all': 'alle kiezen',
  'select none': 'geen kiezen',
  'Apply given OAuth2 credentials': 'Met deze gegevens inloggen',
  Authorized: 'Ingelogd',
  Logout: 'Uitloggen',
  'Remove authorization': 'Uitloggen',
  Close: 'Sluiten',
  'authorization button unlocked': 'inloggen; u bent niet ingelogd',
  'authorization button locked': 'inloggen; u bent ingelogd',
  'Expand operation': 'Verzoek openklappen',
  'Collapse operation': 'Verzoek dichtklappen',
  'Copy path to clipboard': 'Pad kopiëren',
  'Copy cURL command to clipboard': 'Opdracht kopiëren',
  'Copy code to clipboard': 'Kopiëren',
  'Try it out': 'Proberen',
  Cancel: 'Annuleren',
  Reset: 'Herstellen',
  Execute: 'Versturen',
  Clear: 'Wissen',
  Name: 'Naam',
  Description: 'Omschrijving',
  'No parameters': 'Geen parameters',
  'Please correct the following validation errors and try again.': 'Verbeter dit en probeer het opnieuw.',
  'Required field is not provided': 'Dit veld is verplicht',
  'Request body': 'Inhoud van het verzoek',
  'Request content type': 'Mediatype van het verzoek',
  'Edit Value': 'Bewerken',
  'Example Value': 'Voorbeeld',
  'Request URL': 'Adres van het verzoek',
  'Request duration': 'Duur van het verzoek',
  Responses: 'Antwoorden',
  'Server response': 'Antwoord van de hub',
  'Response body': 'Inhoud van het antwoord',
  'Response headers': 'Headers van het antwoord',
  Undocumented: 'Niet beschreven',
  Download: 'Downloaden',
  'Media type': 'Mediatype',
  'Media Type': 'Mediatype',
  Controls: 'Bepaalt de header',
  'header.': '',
  'No links': 'Geen links',
  Schemas: 'Schema’s',
  'Expand all': 'Alles openklappen',
  'Collapse all': 'Alles dichtklappen',
  Examples: 'Voorbeelden',
  Enum: 'Waarden',
  Items: 'Elementen',
  'Any of': 'Een van',
  'Additional properties': 'Andere eigenschappen',
  forbidden: 'niet toegestaan',
  unique: 'uniek',
  'Failed to fetch.': 'Het verzoek kwam niet aan.',
  'Possible Reasons:': 'Mogelijke oorzaken:',
  'Network Failure': 'storing in het netwerk'
}

const patterns = [
  [/^Send email to /, 'Mail naar '],
  [/ characters$/, ' tekens'],
  [/ items$/, ' elementen'],
  [/^matches /, 'past op '],
  [/^For '(.+)': Required field is not provided\.$/, '‘$1’ is verplicht.'],
  [/^Error: .+, description: /, ''],
  [/^Error: .+/, 'Fout']
]

function inDutch(text) {
  const english = text.trim()
  const made = Object.hasOwn(dutch, english)
    ? dutch[english]
    : patterns.reduce((so, [pattern, words]) => so.replace(pattern, words), english)
  return text.replace(english, () => made)
}

const attributes = ['aria-label', 'placeholder', 'title']

function translate(node) {
  if (node.nodeType === Node.TEXT_NODE) {
    const text = inDutch(node.data)
    // What was sent and what came back stay as they are.
    if (text !== node.data && !node.parentElement?.closest('pre, code, textarea')) node.data = text
  } else if (node.nodeType === Node.ELEMENT_NODE) {
    for (const name of attributes) {
      const text = node.getAttribute(name) ?? ''
      if (inDutch(text) !== text) node.setAttribute(name, inDutch(text))
    }
    for (const child of node.childNodes) translate(child)
  }
}

new MutationObserver((records) => {
  for (const { type, target, addedNodes } of records) {
    if (type === 'childList') for (const node of addedNodes) translate(node)
    else translate(target)
  }
}).observe(document.body, {
  childList: true,
  subtree: true,
  characterData: true,
  attributes: true,
  attributeFilter: attributes
})
