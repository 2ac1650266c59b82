// Countries and territories by ISO 3166-1 alpha-2 code, with the region under which travel bundles are sold.

export type Country = { code: string; name: string; region: string };

const byRegion: Record<string, string> = {
  Europe: `
    AL:Albania AD:Andorra AT:Austria BY:Belarus BE:Belgium BA:Bosnia_and_Herzegovina BG:Bulgaria
    HR:Croatia CY:Cyprus CZ:Czechia DK:Denmark EE:Estonia FO:Faroe_Islands FI:Finland FR:France
    DE:Germany GI:Gibraltar GR:Greece GG:Guernsey HU:Hungary IS:Iceland IE:Ireland IM:Isle_of_Man
    IT:Italy JE:Jersey LV:Latvia LI:Liechtenstein LT:Lithuania LU:Luxembourg MT:Malta MD:Moldova
    MC:Monaco ME:Montenegro NL:Netherlands MK:North_Macedonia NO:Norway PL:Poland PT:Portugal
    RO:Romania RU:Russia SM:San_Marino RS:Serbia SK:Slovakia SI:Slovenia ES:Spain SE:Sweden
    CH:Switzerland TR:Türkiye UA:Ukraine GB:United_Kingdom VA:Vatican_City AX:Åland_Islands
    XK:Kosovo
  `,
  Asia: `
    AF:Afghanistan AM:Armenia AZ:Azerbaijan BD:Bangladesh BT:Bhutan BN:Brunei KH:Cambodia CN:China
    GE:Georgia HK:Hong_Kong IN:India ID:Indonesia JP:Japan KZ:Kazakhstan KG:Kyrgyzstan LA:Laos
    MO:Macao MY:Malaysia MV:Maldives MN:Mongolia MM:Myanmar NP:Nepal KP:North_Korea PK:Pakistan
    PH:Philippines SG:Singapore KR:South_Korea LK:Sri_Lanka TW:Taiwan TJ:Tajikistan TH:Thailand
    TL:Timor-Leste TM:Turkmenistan UZ:Uzbekistan VN:Vietnam
  `,
  'Middle East': `
    BH:Bahrain IR:Iran IQ:Iraq IL:Israel JO:Jordan KW:Kuwait LB:Lebanon OM:Oman PS:Palestine
    QA:Qatar SA:Saudi_Arabia SY:Syria AE:United_Arab_Emirates YE:Yemen
  `,
  'North America': `
    BM:Bermuda CA:Canada GL:Greenland MX:Mexico PM:Saint_Pierre_and_Miquelon US:United_States
    PR:Puerto_Rico VI:US_Virgin_Islands
  `,
  'Latin America': `
    AI:Anguilla AG:Antigua_and_Barbuda AR:Argentina AW:Aruba BS:Bahamas BB:Barbados BZ:Belize
    BO:Bolivia BQ:Bonaire,_Sint_Eustatius_and_Saba BR:Brazil VG:British_Virgin_Islands
    KY:Cayman_Islands CL:Chile CO:Colombia CR:Costa_Rica CU:Cuba CW:Curaçao DM:Dominica
    DO:Dominican_Republic EC:Ecuador SV:El_Salvador FK:Falkland_Islands GF:French_Guiana GD:Grenada
    GP:Guadeloupe GT:Guatemala GY:Guyana HT:Haiti HN:Honduras JM:Jamaica MQ:Martinique
    MS:Montserrat NI:Nicaragua PA:Panama PY:Paraguay PE:Peru BL:Saint_Barthélemy
    KN:Saint_Kitts_and_Nevis LC:Saint_Lucia MF:Saint_Martin VC:Saint_Vincent_and_the_Grenadines
    SX:Sint_Maarten SR:Suriname TT:Trinidad_and_Tobago TC:Turks_and_Caicos_Islands UY:Uruguay
    VE:Venezuela
  `,
  Africa: `
    DZ:Algeria AO:Angola BJ:Benin BW:Botswana BF:Burkina_Faso BI:Burundi CM:Cameroon CV:Cape_Verde
    CF:Central_African_Republic TD:Chad KM:Comoros CG:Congo CD:Congo_(DRC) CI:Côte_d’Ivoire
    DJ:Djibouti EG:Egypt GQ:Equatorial_Guinea ER:Eritrea SZ:Eswatini ET:Ethiopia GA:Gabon GM:Gambia
    GH:Ghana GN:Guinea GW:Guinea-Bissau KE:Kenya LS:Lesotho LR:Liberia LY:Libya MG:Madagascar
    MW:Malawi ML:Mali MR:Mauritania MU:Mauritius YT:Mayotte MA:Morocco MZ:Mozambique NA:Namibia
    NE:Niger NG:Nigeria RE:Réunion RW:Rwanda ST:São_Tomé_and_Príncipe SN:Senegal SC:Seychelles
    SL:Sierra_Leone SO:Somalia ZA:South_Africa SS:South_Sudan SD:Sudan TZ:Tanzania TG:Togo
    TN:Tunisia UG:Uganda EH:Western_Sahara ZM:Zambia ZW:Zimbabwe
  `,
  Oceania: `
    AS:American_Samoa AU:Australia CK:Cook_Islands FJ:Fiji PF:French_Polynesia GU:Guam KI:Kiribati
    MH:Marshall_Islands FM:Micronesia NR:Nauru NC:New_Caledonia NZ:New_Zealand NU:Niue
    MP:Northern_Mariana_Islands PW:Palau PG:Papua_New_Guinea WS:Samoa SB:Solomon_Islands TO:Tonga
    TV:Tuvalu VU:Vanuatu WF:Wallis_and_Futuna
  `,
};

/** All countries, in the order of their codes. */
export const countries: readonly Country[] = Object.entries(byRegion)
  .flatMap(([region, list]) =>
    list
      .trim()
      .split(/\s+/)
      .map((entry) => readEntry(entry, region)),
  )
  .sort((a, b) => (a.code < b.code ? -1 : 1));

export const countryByCode: ReadonlyMap<string, Country> = new Map(
  countries.map((each) => [each.code, each]),
);

export function isCountryCode(code: string): boolean {
  return countryByCode.has(code);
}

function readEntry(entry: string, region: string): Country {
  return { code: entry.slice(0, 2), name: entry.slice(3).replaceAll('_', ' '), region };
}
