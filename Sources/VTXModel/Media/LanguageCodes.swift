// The languages that have a two-letter code, with the three-letter codes that mean the same.
//
// ISO 639-2 has two codes for some of them (`ger` for libraries, `deu` for their own speakers). Files use both.

/// A language of ISO 639-1.
public struct LanguageCode: Hashable, Sendable {
    /// ISO 639-1: `de`. What BCP 47 asks for where there is one.
    public let two: String
    /// ISO 639-2/T: `deu`.
    public let three: String
    /// ISO 639-2/B where it differs: `ger`.
    public let library: String?
    /// In English.
    public let name: String

    /// The language that a two- or three-letter code stands for, in upper or lower case.
    public init?(_ code: String) {
        guard let found = languages[code.lowercased()] else { return nil }
        self = found
    }

    /// The language of an English name, in upper or lower case.
    public init?(englishName name: String) {
        let name = name.lowercased()
        guard let found = languages.values.first(where: { $0.name.lowercased() == name }) else { return nil }
        self = found
    }

    fileprivate init(two: String, three: String, library: String?, name: String) {
        self.two = two
        self.three = three
        self.library = library
        self.name = name
    }
}

private let languages: [String: LanguageCode] = {
    var byCode: [String: LanguageCode] = [:]
    for entry in table.split(separator: "|") {
        let fields = entry.split(whereSeparator: \.isWhitespace)
        let threes = fields[1].split(separator: "/").map(String.init)
        let language = LanguageCode(
            two: String(fields[0]), three: threes[0], library: threes.count > 1 ? threes[1] : nil,
            name: fields[2...].joined(separator: " "))
        for code in [language.two] + threes { byCode[code] = language }
    }
    return byCode
}()

/// ISO 639-1, ISO 639-2/T and, after a stroke, ISO 639-2/B, and the name.
private let table = """
    aa aar Afar | ab abk Abkhazian | ae ave Avestan | af afr Afrikaans | ak aka Akan | am amh Amharic |
    an arg Aragonese | ar ara Arabic | as asm Assamese | av ava Avaric | ay aym Aymara |
    az aze Azerbaijani | ba bak Bashkir | be bel Belarusian | bg bul Bulgarian | bh bih Bihari languages |
    bi bis Bislama | bm bam Bambara | bn ben Bengali | bo bod/tib Tibetan | br bre Breton |
    bs bos Bosnian | ca cat Catalan | ce che Chechen | ch cha Chamorro | co cos Corsican | cr cre Cree |
    cs ces/cze Czech | cu chu Church Slavic | cv chv Chuvash | cy cym/wel Welsh | da dan Danish |
    de deu/ger German | dv div Divehi | dz dzo Dzongkha | ee ewe Ewe | el ell/gre Greek | en eng English |
    eo epo Esperanto | es spa Spanish | et est Estonian | eu eus/baq Basque | fa fas/per Persian |
    ff ful Fulah | fi fin Finnish | fj fij Fijian | fo fao Faroese | fr fra/fre French |
    fy fry Western Frisian | ga gle Irish | gd gla Scottish Gaelic | gl glg Galician | gn grn Guarani |
    gu guj Gujarati | gv glv Manx | ha hau Hausa | he heb Hebrew | hi hin Hindi | ho hmo Hiri Motu |
    hr hrv Croatian | ht hat Haitian Creole | hu hun Hungarian | hy hye/arm Armenian | hz her Herero |
    ia ina Interlingua | id ind Indonesian | ie ile Interlingue | ig ibo Igbo | ii iii Nuosu |
    ik ipk Inupiaq | io ido Ido | is isl/ice Icelandic | it ita Italian | iu iku Inuktitut |
    ja jpn Japanese | jv jav Javanese | ka kat/geo Georgian | kg kon Kongo | ki kik Kikuyu |
    kj kua Kuanyama | kk kaz Kazakh | kl kal Greenlandic | km khm Central Khmer | kn kan Kannada |
    ko kor Korean | kr kau Kanuri | ks kas Kashmiri | ku kur Kurdish | kv kom Komi | kw cor Cornish |
    ky kir Kyrgyz | la lat Latin | lb ltz Luxembourgish | lg lug Ganda | li lim Limburgish |
    ln lin Lingala | lo lao Lao | lt lit Lithuanian | lu lub Luba-Katanga | lv lav Latvian |
    mg mlg Malagasy | mh mah Marshallese | mi mri/mao Maori | mk mkd/mac Macedonian | ml mal Malayalam |
    mn mon Mongolian | mr mar Marathi | ms msa/may Malay | mt mlt Maltese | my mya/bur Burmese |
    na nau Nauru | nb nob Norwegian Bokmål | nd nde North Ndebele | ne nep Nepali | ng ndo Ndonga |
    nl nld/dut Dutch | nn nno Norwegian Nynorsk | no nor Norwegian | nr nbl South Ndebele | nv nav Navajo |
    ny nya Chichewa | oc oci Occitan | oj oji Ojibwa | om orm Oromo | or ori Oriya | os oss Ossetian |
    pa pan Punjabi | pi pli Pali | pl pol Polish | ps pus Pashto | pt por Portuguese | qu que Quechua |
    rm roh Romansh | rn run Rundi | ro ron/rum Romanian | ru rus Russian | rw kin Kinyarwanda |
    sa san Sanskrit | sc srd Sardinian | sd snd Sindhi | se sme Northern Sami | sg sag Sango |
    si sin Sinhala | sk slk/slo Slovak | sl slv Slovenian | sm smo Samoan | sn sna Shona | so som Somali |
    sq sqi/alb Albanian | sr srp Serbian | ss ssw Swati | st sot Southern Sotho | su sun Sundanese |
    sv swe Swedish | sw swa Swahili | ta tam Tamil | te tel Telugu | tg tgk Tajik | th tha Thai |
    ti tir Tigrinya | tk tuk Turkmen | tl tgl Tagalog | tn tsn Tswana | to ton Tonga | tr tur Turkish |
    ts tso Tsonga | tt tat Tatar | tw twi Twi | ty tah Tahitian | ug uig Uyghur | uk ukr Ukrainian |
    ur urd Urdu | uz uzb Uzbek | ve ven Venda | vi vie Vietnamese | vo vol Volapük | wa wln Walloon |
    wo wol Wolof | xh xho Xhosa | yi yid Yiddish | yo yor Yoruba | za zha Zhuang | zh zho/chi Chinese |
    zu zul Zulu
    """
