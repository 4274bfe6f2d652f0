//! What is fixed in a letter in Italian.

use super::Fixed;

pub(super) const FIXED: Fixed = Fixed {
    heading: ("Lettera di sostegno a «", "»"),
    reference: "Nostro riferimento",
    particulars: ["Richiedente", "Responsabile del progetto", "Programma", "Bando"],
    after_salutation: ",",
    close: ("Distinti saluti,", "Distinti saluti,"),
    salutation: ("Gentili membri della commissione", "Gentili Signore e Signori"),
    dear: "Alla cortese attenzione di ",
    co_signed: (
        "Cofirmatari",
        "Ogni cofirmatario sostiene questo progetto a proprio nome e per l’organizzazione indicata, e non parla per nessun \
         altro.",
    ),
    limitation: (
        "Portata del sostegno.",
        "Il Consorzio IIIF dà questo sostegno a nome proprio, come organizzazione. Nulla in questa lettera parla a nome di \
         una singola persona o di una singola istituzione membro.",
    ),
    check: ("Questa lettera è autentica?", "Inquadrate il quadrato, o inserite il codice su ", "."),
    code: "Codice",
    page: ("Lettera ", ", pagina ", " di "),
    square: "Codice QR che apre la pagina per verificare questa lettera",
    logo: ("Logo: ", ""),
    signature: ("Firma: ", ""),
    standing: [
        "membro fondatore principale del Consorzio IIIF",
        "membro fondatore del Consorzio IIIF",
        "membro a pieno titolo del Consorzio IIIF",
        "membro associato del Consorzio IIIF",
    ],
    months: [
        "gennaio",
        "febbraio",
        "marzo",
        "aprile",
        "maggio",
        "giugno",
        "luglio",
        "agosto",
        "settembre",
        "ottobre",
        "novembre",
        "dicembre",
    ],
};
