type HomeRow = { id: string; given: string; family: string; title: string; code: string; siteId: string }

function home(
  id: string,
  given: string,
  family: string,
  title: string,
  code: string,
  siteId: string,
): HomeRow {
  return { id, given, family, title, code, siteId }
}

/** Who visits people at home. */
export const HOME_CLINICIANS: readonly HomeRow[] = [
  home('demo-home-clinician', 'Grace', 'Nakamura', 'Registered nurse', 'RN', 'site-new-york'),
  home('demo-home-clinician2', 'Owen', 'Fitzgerald', 'Registered nurse', 'RN', 'site-phoenix'),
  home('home-03', 'Bernice', 'Adeyemi', 'Registered nurse', 'RN', 'site-new-york'),
  home('home-04', 'Carla', 'Moretti', 'Registered nurse', 'RN', 'site-new-york'),
  home('home-05', 'Delbert', 'Yazzie', 'Registered nurse', 'RN', 'site-phoenix'),
  home('home-06', 'Esther', 'Quinn', 'Registered nurse', 'RN', 'site-phoenix'),
  home('home-07', 'Fatima', 'Sesay', 'Registered nurse', 'RN', 'site-new-york'),
  home('home-08', 'Gail', 'Thibodeaux', 'Licensed practical nurse', 'LPN', 'site-new-york'),
  home('home-09', 'Hector', 'Ruiz', 'Licensed practical nurse', 'LPN', 'site-phoenix'),
  home('home-10', 'Imani', 'Walker', 'Physical therapist', 'PT', 'site-new-york'),
  home('home-11', 'Jonas', 'Berg', 'Physical therapist', 'PT', 'site-phoenix'),
  home('home-12', 'Keiko', 'Abe', 'Physical therapist', 'PT', 'site-new-york'),
  home('home-13', 'Lorraine', 'Finch', 'Occupational therapist', 'OT', 'site-phoenix'),
  home('home-14', 'Mordecai', 'Stein', 'Medical social worker', 'MSW', 'site-new-york'),
  home('home-15', 'Nadia', 'Popescu', 'Home health aide', 'HHA', 'site-new-york'),
  home('home-16', 'Orlando', 'Baca', 'Home health aide', 'HHA', 'site-phoenix'),
  home('home-17', 'Pearl', 'Johnson', 'Home health aide', 'HHA', 'site-new-york'),
  home('home-18', 'Quentin', 'Lujan', 'Home health aide', 'HHA', 'site-phoenix'),
]

/** Interpreters work where joint visits are offered. */
export const INTERPRETERS = [
  { id: 'interpreter-spanish', given: 'Lucia', family: 'Marquez', language: 'es', siteId: 'site-new-york' },
  { id: 'interpreter-arabic', given: 'Yusuf', family: 'Darwish', language: 'ar', siteId: 'site-new-york' },
] as const
