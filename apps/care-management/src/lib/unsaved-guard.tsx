'use client'
import { ConfirmDialog } from '@openward/ui/confirm-dialog'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
} from 'react'

type Guard = { mark: (id: string, isUnsaved: boolean) => void }

const UnsavedContext = createContext<Guard>({ mark: () => undefined })

/** Says that a form holds input that is not saved; the guard around it then asks before the page is left. */
export function useUnsaved(isUnsaved: boolean): void {
  const { mark } = useContext(UnsavedContext)
  const id = useId()
  useEffect(() => {
    mark(id, isUnsaved)
    return () => mark(id, false)
  }, [mark, id, isUnsaved])
}

function linkOf(event: MouseEvent): HTMLAnchorElement | undefined {
  const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey
  const link = event.target instanceof Element ? event.target.closest('a') : null
  if (!isPlain || !link?.href || (link.target !== '' && link.target !== '_self')) return undefined
  const target = new URL(link.href)
  const isSamePage = target.pathname === window.location.pathname && target.search === window.location.search
  return isSamePage ? undefined : link
}

/** Asks before a link, the back button or closing the window would lose input. */
export function UnsavedGuard({ basePath, children }: { basePath: string; children: ReactNode }) {
  const t = useTranslations('unsaved')
  const router = useRouter()
  const unsaved = useRef(new Set<string>())
  const [target, setTarget] = useState<string>()
  const mark = useCallback((id: string, isUnsaved: boolean) => {
    if (isUnsaved) unsaved.current.add(id)
    else unsaved.current.delete(id)
  }, [])
  const guard = useMemo(() => ({ mark }), [mark])
  useEffect(() => {
    const onClick = (event: MouseEvent) => {
      const link = unsaved.current.size > 0 ? linkOf(event) : undefined
      if (!link) return
      event.preventDefault()
      event.stopPropagation()
      setTarget(link.href)
    }
    const onUnload = (event: BeforeUnloadEvent) => {
      if (unsaved.current.size > 0) event.preventDefault()
    }
    // back and forward; browsers without the Navigation API leave here without asking
    const onNavigate = (event: NavigateEvent) => {
      if (event.navigationType !== 'traverse' || !event.cancelable || unsaved.current.size === 0) return
      event.preventDefault()
      setTarget(event.destination.url)
    }
    const history = 'navigation' in window ? window.navigation : undefined
    history?.addEventListener('navigate', onNavigate)
    document.addEventListener('click', onClick, { capture: true })
    window.addEventListener('beforeunload', onUnload)
    return () => {
      history?.removeEventListener('navigate', onNavigate)
      document.removeEventListener('click', onClick, { capture: true })
      window.removeEventListener('beforeunload', onUnload)
    }
  }, [])
  const leave = () => {
    if (target === undefined) return
    const url = new URL(target)
    unsaved.current.clear()
    setTarget(undefined)
    const isOurs = url.origin === window.location.origin && url.pathname.startsWith(`${basePath}/`)
    if (isOurs) router.push(`${url.pathname.slice(basePath.length)}${url.search}` as never)
    else window.location.assign(target)
  }
  return (
    <UnsavedContext value={guard}>
      {children}
      <ConfirmDialog
        title={t('title')}
        isOpen={target !== undefined}
        onClose={() => setTarget(undefined)}
        onConfirm={leave}
        confirmLabel={t('leave')}
        closeLabel={t('stay')}
        isDangerous
      >
        <p>{t('body')}</p>
      </ConfirmDialog>
    </UnsavedContext>
  )
}
