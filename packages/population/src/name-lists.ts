export const FEMALE_NAMES =
  'Abigail Ada Alma Amber Anika Audrey Beatrice Bianca Camille Carmen Celia Clara Daniela Dolores Edith Elena Eliza Esperanza Eva Faye Flora Gloria Greta Harriet Ida Ingrid Irene Jasmine Joan Josephine June Katya Keisha Lakshmi Lila Lourdes Lydia Mabel Marguerite Maribel Marta Mina Miriam Nadine Naomi Nell Nina Nora Odessa Olive Opal Paloma Petra Pilar Priscilla Ramona Regina Rhea Rosalind Ruby Sabine Selma Shirin Sofia Soledad Tamara Tessa Thelma Ursula Valeria Vera Viola Wanda Willa Xiomara Yvonne Zora'.split(
    ' ',
  )

export const MALE_NAMES =
  'Abel Adrian Alonzo Amos Andre Angelo Anton Arturo Basil Benjamin Boris Bruno Caleb Cedric Cesar Clarence Clyde Cyrus Damian Darnell Desmond Dominic Edgar Elias Emil Enrique Ephraim Ezra Felix Floyd Frank Gideon Gilbert Gustavo Harold Hugo Ignacio Isaac Ivan Jamal Jasper Joaquin Jonah Julius Karim Leon Leroy Lionel Lorenzo Luther Malik Marcel Milo Moses Nestor Oscar Otis Pablo Percy Quincy Rafiq Ramon Raul Reuben Roland Rufus Salvador Silas Simon Stefan Terrence Theo Tobias Ulysses Vernon Victor Wallace Wendell Yosef Zeke'.split(
    ' ',
  )

export const FAMILY_NAMES =
  'Abara Acosta Adair Aguilar Alder Ambrose Anaya Archer Ashby Baptiste Barlow Begay Bellamy Benavides Birch Blackwood Bolton Bright Bui Burrows Calloway Cardenas Castaneda Chandra Chavis Chen Cisneros Coleman Cortez Crane Dabney Dang Delacroix Delgado Dimitrov Dorsey Duarte Dunmore Eastman Echevarria Ellery Enriquez Espinoza Fairchild Farrow Figueroa Finch Flores Fontaine Gaines Galindo Garrity Gentry Gorman Granger Guzman Haddock Halloran Hargrove Hatcher Hollis Ibarra Ingram Iverson Jaramillo Jessup Joubert Kaplan Kaur Keane Khalil Kowalski Laird Lange Larkin Leclair Ledesma Lockhart Lozano Maddox Mahoney Marlow Mbeki Medina Mercado Merritt Montoya Moriarty Nakai Navarro Nez Nguyen Novak Ocampo Okoro Olmstead Ortega Pacheco Park Patel Pemberton Pham Pickett Quintana Rafferty Ramsey Reddy Rinaldi Rivers Robles Roanhorse Saldana Sandoval Schuster Sexton Shah Sinclair Solis Stroud Tafoya Takeda Thackeray Tolliver Tran Trujillo Underhill Valdez Vance Vega Villegas Voss Wainwright Walsh Whitaker Wilder Winslow Yazzie Yoon Zamora Zielinski'.split(
    ' ',
  )

/** No real street is meant by any of these. */
export const STREETS =
  'Juniper Walk|Larkspur Row|Copper Kettle Road|Quillfeather Lane|Marigold Bend|Old Ropewalk|Thistledown Street|Lantern Hill|Foxglove Close|Brickfield Way|Saltbush Trail|Windmill Steps|Plum Orchard Road|Candlemaker Lane|Driftwood Avenue|Heron Rise|Nettle Street|Silver Birch Court|Tumbleweed Pass|Almond Tree Road|Weaver Street|Harebell Drive|Cobbler Lane|Paper Mill Road'.split(
    '|',
  )

/** BCP 47 code and what people call it; the first is by far the commonest. */
export const LANGUAGES = [
  ['en', 'English'],
  ['es', 'Spanish'],
  ['zh', 'Chinese'],
  ['ar', 'Arabic'],
  ['fr', 'French'],
  ['vi', 'Vietnamese'],
  ['nv', 'Navajo'],
  ['tl', 'Tagalog'],
] as const

export type Town = { city: string; state: string; postalCode: string; district?: string }

/** Towns near each site; two of Phoenix's are on Navajo land, which keeps daylight saving time. */
export const TOWNS: Record<string, readonly Town[]> = {
  'site-new-york': [
    { city: 'New York', state: 'NY', postalCode: '10027' },
    { city: 'New York', state: 'NY', postalCode: '10031' },
    { city: 'Bronx', state: 'NY', postalCode: '10451' },
    { city: 'Brooklyn', state: 'NY', postalCode: '11216' },
    { city: 'Yonkers', state: 'NY', postalCode: '10701' },
  ],
  'site-phoenix': [
    { city: 'Phoenix', state: 'AZ', postalCode: '85006' },
    { city: 'Tempe', state: 'AZ', postalCode: '85281' },
    { city: 'Mesa', state: 'AZ', postalCode: '85201' },
    { city: 'Glendale', state: 'AZ', postalCode: '85301' },
    { city: 'Window Rock', state: 'AZ', postalCode: '86515', district: 'Apache' },
    { city: 'Tuba City', state: 'AZ', postalCode: '86045', district: 'Coconino' },
  ],
  'site-st-johns': [
    { city: "St John's", state: 'NL', postalCode: 'A1C 5T2' },
    { city: 'Mount Pearl', state: 'NL', postalCode: 'A1N 2C4' },
  ],
  'site-lakeside': [
    { city: 'Milwaukee', state: 'WI', postalCode: '53202' },
    { city: 'Racine', state: 'WI', postalCode: '53403' },
  ],
}
