import type { Role } from '@openward/access'
import { DEMO_ACCOUNTS, type DemoAccount } from '@openward/population/accounts'
import { markup, trusted, type Html } from '#/pages/html.ts'
import { messagesFor, type Locale, type Messages } from '#/pages/locale.ts'
import { PEOPLE_SCRIPT, type Page } from '#/pages/page.ts'

export type SignInError = 'wrong' | 'missing'

type SignIn = {
  locale: Locale
  clientId: string
  action: string
  username: string
  error?: SignInError | undefined
}

/** Who is offered first on which portal; the command line has no favourites. */
const ROLES_OF_PORTAL: Record<string, Role[]> = {
  'patient-access': ['patient'],
  'care-management': ['care-manager', 'clinician', 'template-administrator', 'privacy-officer', 'auditor'],
  'home-health': ['scheduler', 'supervisor', 'home-clinician'],
  outreach: ['outreach-author', 'outreach-approver', 'template-administrator'],
}

const ALERT_ICON = trusted(
  '<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" aria-hidden="true"><circle cx="12" cy="12" r="9.5"/><path d="M12 7v6"/><path d="M12 16.6v.1"/></svg>',
)

function portalName(messages: Messages, clientId: string): string {
  return messages.portal[clientId as keyof Messages['portal']]
}

function person(account: DemoAccount, messages: Messages, locale: Locale): Html {
  const translations: Record<string, string> = messages.demo.people
  const translated = translations[account.username]
  return markup`<li>
    <button type="button" value="${account.username}">
      <span class="name">${account.name}</span><span class="username">${account.username}</span
      ><span class="about" lang="${translated ? locale : 'en'}">${translated ?? account.description}</span>
    </button>
  </li>`
}

function demoPeople(locale: Locale, clientId: string): Html {
  const messages = messagesFor(locale)
  const words = messages.demo
  const roles = ROLES_OF_PORTAL[clientId] ?? []
  const isHere = (account: DemoAccount) =>
    roles.length === 0 || account.roles.some((role) => roles.includes(role))
  const list = (people: readonly DemoAccount[]) =>
    markup`<ul class="people">
      ${people.map((account) => person(account, messages, locale))}
    </ul>`
  const others = DEMO_ACCOUNTS.filter((account) => !isHere(account))
  const more = markup`<details class="more">
    <summary><h3>${words.others}</h3></summary>
    ${list(others)}
  </details>`
  return markup`<details class="demo" id="people">
      <summary><h2>${words.title}</h2></summary>
      <p class="small soft">${words.intro} <kbd>demo</kbd>.</p>
      <h3 class="group">${words.here}</h3>
      ${list(DEMO_ACCOUNTS.filter(isHere))}${others.length > 0 && more}
    </details>
    <script>${trusted(PEOPLE_SCRIPT)}</script>`
}

function alert(messages: Messages, error: SignInError): Html {
  const { wrong, wrongNext, missing } = messages.signIn
  const text =
    error === 'wrong' ? markup`<strong>${wrong}</strong> ${wrongNext}` : markup`<strong>${missing}</strong>`
  return markup`<div class="alert" role="alert" id="problem">
    ${ALERT_ICON}
    <p>${text}</p>
  </div>`
}

export function signInPage({ locale, clientId, action, username, error }: SignIn): Page {
  const messages = messagesFor(locale)
  const words = messages.signIn
  const invalid = error && trusted(' aria-invalid="true" aria-describedby="problem"')
  const focus = trusted(' autofocus')
  const body = markup`<div>
      <h1>${words.title}</h1>
      <p class="lede">${words.to.replace('{portal}', portalName(messages, clientId))}</p>
      ${error && alert(messages, error)}
      <form method="post" action="${action}">
        <div class="field">
          <label for="username">${words.username}</label>
          <input
            id="username"
            name="username"
            autocomplete="username"
            autocapitalize="none"
            spellcheck="false"
            maxlength="200"
            required
            value="${username}"
            ${invalid}${username === '' && focus}
          />
        </div>
        <div class="field">
          <label for="password">${words.password}</label>
          <input
            id="password"
            name="password"
            type="password"
            autocomplete="current-password"
            maxlength="200"
            required${invalid}${username !== '' && focus}
          />
        </div>
        <button class="primary">${words.submit}</button>
      </form>
      <p class="help small soft">${words.help}</p>
    </div>
    ${demoPeople(locale, clientId)}`
  return {
    locale,
    title: error ? words.errorTitle : words.title,
    body,
    hasLanguageSwitch: true,
    isWide: true,
  }
}
