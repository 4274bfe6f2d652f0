"""Looks at a letter's two files with other people's eyes: page-validation holds them against PDF/A-2u and PDF/UA-1,
pikepdf reads what matters most of that, pyHanko checks the signature. Called by the tests: check.py FLAT SIGNED CERTIFICATE EXPIRES BROKEN...
"""

import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

import page
import pikepdf
from pyhanko.keys import load_certs_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext


def tagged_archival(path: Path) -> None:
    """What a reader, an archive and a screen reader need in every letter."""
    for profile in ("2u", "ua1"):
        report = page.validate_pdf(path, profile=profile)
        assert report.is_compliant, report.failures
    with pikepdf.open(path) as pdf:
        assert str(pdf.Root.Lang) == "en-GB", path
        assert bool(pdf.Root.MarkInfo.Marked), path
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle), path
        assert not pdf.is_encrypted, path
        with pdf.open_metadata() as meta:
            assert meta["pdfaid:part"] == "2" and meta["pdfaid:conformance"] == "U", path
            assert meta["pdfuaid:part"] == "1" and meta["dc:title"], path
        fonts = [font for page in pdf.pages for font in page.Resources.Font.values()]
        assert fonts and all("/ToUnicode" in font for font in fonts), path


def flat(path: Path) -> None:
    """A file for the strictest portal: no form, no field, no signature."""
    with pikepdf.open(path) as pdf:
        assert "/AcroForm" not in pdf.Root, path
        assert not any(str(note.Subtype) == "/Widget" for page in pdf.pages for note in page.get("/Annots", [])), path


def signed(path: Path) -> None:
    """One field that screen readers find, and no lock."""
    with pikepdf.open(path) as pdf:
        (field,) = pdf.Root.AcroForm.Fields
        assert int(pdf.Root.AcroForm.SigFlags) == 3 and "/Perms" not in pdf.Root, path
        assert str(field.V.SubFilter) == "/ETSI.CAdES.detached" and "/Reference" not in field.V, path
        assert int(field.F) == 132 and str(field.TU), path
        tree = pdf.Root.StructTreeRoot
        numbers = list(tree.ParentTree.Nums)
        key = int(field.StructParent)
        element = numbers[numbers[::2].index(key) * 2 + 1]
        assert str(element.S) == "/Form" and element.K.Obj.objgen == field.objgen, path
        assert element.objgen in [child.objgen for child in tree.K[0].K if isinstance(child, pikepdf.Dictionary)], path
        assert int(tree.ParentTreeNextKey) > key, path


def status(path: Path, certificate: Path, moment: datetime):
    """What pyHanko says of the one signature at a moment, trusting this certificate."""
    with path.open("rb") as file:
        (signature,) = PdfFileReader(file).embedded_signatures
        roots = list(load_certs_from_pemder([str(certificate)]))
        context = ValidationContext(trust_roots=roots, moment=moment, allow_fetching=False)
        return validate_pdf_signature(signature, context)


def main() -> None:
    plain, original, certificate, expires, *broken = sys.argv[1:]
    day = timedelta(days=1)
    before = datetime.fromisoformat(expires).astimezone(timezone.utc) - day
    for path in (Path(plain), Path(original)):
        tagged_archival(path)
    flat(Path(plain))
    signed(Path(original))
    found = status(Path(original), Path(certificate), before)
    assert found.bottom_line and found.trusted and found.intact and found.valid, found.pretty_print_details()
    assert found.modification_level == ModificationLevel.NONE, found.pretty_print_details()
    assert found.coverage.name == "ENTIRE_FILE", found.pretty_print_details()
    for path in broken:
        try:
            assert not status(Path(path), Path(certificate), before).bottom_line, path
        except AssertionError:
            raise
        except Exception as refusal:  # A file that cannot even be read is not valid either.
            print(f"{path}: {refusal}")
    print("fine")


if __name__ == "__main__":
    main()
