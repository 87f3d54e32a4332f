import type portal from '@openward/portal/messages/en.json'
import type ui from '@openward/ui/messages/en.json'

import type own from '../../messages/en.json'

// Names of messages are checked where they are used.
declare module 'next-intl' {
  interface AppConfig {
    Messages: typeof own & typeof ui & typeof portal
  }
}
