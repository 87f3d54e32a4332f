/** The front desk's number: the way out of every screen, shown before anyone is signed in. */
export const CLINIC_PHONE = '(303) 555-0142'
