import { Notice } from '@openward/ui/notice'
import { PhoneLink } from '@openward/ui/phone-link'
import { useTranslations } from 'next-intl'

/** Said before anybody chooses anything: nothing can be booked here now, and whom to call instead. */
export function BookingOff({ phone }: { phone: string | undefined }) {
  const t = useTranslations('refusals.booking-off')
  return (
    <div className="mb-5">
      <Notice tone="attention" title={t('title')} action={phone && <PhoneLink number={phone} />} isLive>
        <p>{t('body')}</p>
      </Notice>
    </div>
  )
}
