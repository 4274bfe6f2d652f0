//! What is fixed in a letter in French.

use super::Fixed;

pub(super) const FIXED: Fixed = Fixed {
    heading: ("Lettre de soutien au projet «\u{a0}", "\u{a0}»"),
    reference: "Notre référence",
    particulars: ["Demandeur", "Responsable du projet", "Programme", "Appel"],
    after_salutation: ",",
    close: (
        "Je vous prie d’agréer l’expression de mes salutations distinguées.",
        "Je vous prie d’agréer l’expression de mes salutations distinguées.",
    ),
    salutation: ("Mesdames et Messieurs les membres du jury", "Madame, Monsieur"),
    dear: "",
    co_signed: (
        "Cosignataires",
        "Chaque cosignataire soutient ce projet en son nom propre et pour l’organisation indiquée, et n’engage personne \
         d’autre.",
    ),
    limitation: (
        "Portée du soutien.",
        "Le Consortium IIIF apporte ce soutien en son propre nom, en tant qu’organisation. Rien dans cette lettre n’engage \
         une personne en particulier ni l’un de ses établissements membres.",
    ),
    check: ("Cette lettre est-elle authentique\u{202f}?", "Scannez le carré ou saisissez le code à l’adresse ", "."),
    code: "Code",
    page: ("Lettre ", ", page ", " sur "),
    square: "Code QR qui ouvre la page de vérification de cette lettre",
    logo: ("Logo : ", ""),
    signature: ("Signature : ", ""),
    standing: [
        "membre fondateur principal du Consortium IIIF",
        "membre fondateur du Consortium IIIF",
        "membre de plein droit du Consortium IIIF",
        "membre associé du Consortium IIIF",
    ],
    months: [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
};
