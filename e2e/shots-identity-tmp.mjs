import { chromium } from '@playwright/test'
import { createHash } from 'node:crypto'
const origin='http://localhost:3471'
const b = await chromium.launch({ executablePath:'/usr/bin/chromium', args:['--no-sandbox','--disable-gpu'] })
const only = process.argv[2]
const auth = (client='patient-access', path='/patient') => `${origin}/identity/auth?` + new URLSearchParams({client_id:client, redirect_uri:`${origin}${path}/auth/redirect`, response_type:'code', scope:'openid', state:'x', code_challenge:createHash('sha256').update('x'.repeat(43)).digest('base64url'), code_challenge_method:'S256'})
async function shot(name, {width=390,height=844,scheme='light',locale='en-US',client,path, act, full=false}={}) {
  if (only && !name.includes(only)) return
  const c = await b.newContext({viewport:{width,height}, colorScheme:scheme, locale})
  const p = await c.newPage()
  p.on('console', m => ['error','warning'].includes(m.type()) && console.log(name, m.text()))
  p.on('pageerror', e => console.log(name,'PAGEERROR', e.message))
  await p.goto(auth(client,path)); if (act) await act(p)
  await p.waitForTimeout(200)
  await p.screenshot({path:`/tmp/ident/shots/${name}.png`, fullPage: full})
  console.log(name, await p.evaluate(()=>[document.documentElement.scrollWidth, innerWidth, document.fonts.check('16px "Atkinson Hyperlegible Next"')].join(' ')))
  await c.close()
}
const wrong = async p => { await p.getByLabel('Username').fill('patient'); await p.getByLabel('Password').fill('nope'); await p.getByRole('button',{name:'Sign in'}).click() }
await shot('m-light')
await shot('m-dark-open', {scheme:'dark', full:true, act: p => p.locator('summary').click()})
await shot('m-wrong', {act: wrong})
await shot('s320', {width:320, height:700, act: p=>p.locator('summary').click(), full:true})
await shot('d-light', {width:1440,height:900, act: async p=>{ await p.getByRole('button',{name:/Rafael/}).click() }})
await shot('d-dark', {width:1440,height:900,scheme:'dark', client:'care-management', path:'/care'})
await shot('d-es', {width:1440,height:900,locale:'es-ES', client:'home-health', path:'/home-health'})
await shot('m-es', {locale:'es-MX'})
await shot('d-wrong', {width:1440,height:900, act: wrong})
await shot('m-throttled', {act: async p => { for (let i=0;i<6;i++) { await p.getByLabel('Username').fill('zz'); await p.getByLabel('Password').fill('nope'); await p.getByRole('button',{name:'Sign in'}).click(); await p.waitForLoadState() ; if (await p.getByText('Too many').count()) break } }})
await shot('d-expired', {width:1440,height:900, act: p=>p.goto(origin+'/identity/interaction/none')})
await shot('m-failed', {act: p=>p.goto(origin+'/identity/auth?client_id=nobody')})
await shot('m-signout', {act: async p => { await p.getByLabel('Username').fill('patient'); await p.getByLabel('Password').fill('demo'); await p.getByRole('button',{name:'Sign in'}).click(); await p.waitForURL(/patient\/auth/); await p.goto(origin+'/identity/session/end'); await p.waitForURL(/success/) }})
await b.close()
