//! What is fixed in a letter in Spanish.

use super::Fixed;

pub(super) const FIXED: Fixed = Fixed {
    heading: ("Carta de apoyo a «", "»"),
    reference: "Nuestra referencia",
    particulars: ["Solicitante", "Responsable del proyecto", "Programa", "Convocatoria"],
    after_salutation: ":",
    close: ("Atentamente,", "Atentamente,"),
    salutation: ("Estimados miembros de la comisión evaluadora", "Estimados señores"),
    dear: "A la atención de ",
    co_signed: (
        "Cofirmantes",
        "Cada cofirmante apoya este proyecto en su propio nombre y por la organización que indica, y no habla por nadie \
         más.",
    ),
    limitation: (
        "Alcance del apoyo.",
        "El Consorcio IIIF presta este apoyo en nombre propio, como organización. Nada en esta carta habla en nombre de una \
         persona concreta ni de una institución miembro en particular.",
    ),
    check: ("¿Es auténtica esta carta?", "Escanee el cuadrado o introduzca el código en ", "."),
    code: "Código",
    page: ("Carta ", ", página ", " de "),
    square: "Código QR que abre la página para comprobar esta carta",
    logo: ("Logotipo: ", ""),
    signature: ("Firma: ", ""),
    standing: [
        "miembro fundador principal del Consorcio IIIF",
        "miembro fundador del Consorcio IIIF",
        "miembro de pleno derecho del Consorcio IIIF",
        "miembro asociado del Consorcio IIIF",
    ],
    months: [
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ],
};
