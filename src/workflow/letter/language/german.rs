//! What is fixed in a letter in German.

use super::Fixed;

pub(super) const FIXED: Fixed = Fixed {
    heading: ("Unterstützungsschreiben für „", "“"),
    reference: "Unser Zeichen",
    particulars: ["Antragstellende Einrichtung", "Projektleitung", "Programm", "Ausschreibung"],
    after_salutation: ",",
    close: ("Mit freundlichen Grüßen", "Mit freundlichen Grüßen"),
    salutation: ("Sehr geehrte Mitglieder der Jury", "Sehr geehrte Damen und Herren"),
    dear: "Guten Tag ",
    co_signed: (
        "Mitunterzeichnet von",
        "Wer mitunterzeichnet, unterstützt das Projekt im eigenen Namen und für die angegebene Einrichtung und spricht für \
         niemanden sonst.",
    ),
    limitation: (
        "Reichweite der Unterstützung.",
        "Das IIIF-Konsortium gewährt diese Unterstützung im eigenen Namen, als Organisation. Nichts in diesem Schreiben \
         spricht für eine einzelne Person oder eine einzelne Mitgliedseinrichtung.",
    ),
    check: ("Ist dieses Schreiben echt?", "Scannen Sie das Quadrat, oder geben Sie den Code ein unter ", "."),
    code: "Code",
    page: ("Schreiben ", ", Seite ", " von "),
    square: "QR-Code, der die Seite zum Prüfen dieses Schreibens öffnet",
    logo: ("Logo: ", ""),
    signature: ("Unterschrift: ", ""),
    standing: [
        "Kern- und Gründungsmitglied des IIIF-Konsortiums",
        "Gründungsmitglied des IIIF-Konsortiums",
        "Vollmitglied des IIIF-Konsortiums",
        "assoziiertes Mitglied des IIIF-Konsortiums",
    ],
    months: [
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ],
};
