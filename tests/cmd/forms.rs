//! Every form on the command line, and an edition that somebody makes by copying a folder.

use std::fs;
use std::path::Path;

use ruqsat::document;
use ruqsat::document::Embedded;
use ruqsat::document::RenderOptions;
use ruqsat::form::Edition;
use ruqsat::form::Language;
use ruqsat::form::Medium;
use ruqsat::model::Document;
use ruqsat::pdf::Limits;
use ruqsat::pdf::Pdf;
use time::macros::datetime;

use crate::Folder;
use crate::SAMPLE;

const TIME: &str = "--time 2026-03-02T09:00:00Z";

/// A doubt is no fault: the document is made, and whoever made it is told.
#[test]
fn a_limit_beyond_the_power_of_its_emission_is_told_and_the_document_made() {
    let folder = Folder::with_signer("doubts");
    let data = String::from_utf8_lossy(SAMPLE).replace("0.0041262", "0.0000412");
    folder.write("permit.json", data.as_bytes());
    let ran = folder.run(&format!("issue permit.json -o out.pdf {TIME}"));
    ran.assert(0, "a draft");
    let said = &ran.stderr;
    let doubt = "warning: /annex1/0/tonnes/2014: 0.104100 t is more than 0.0000412 g/s makes in the whole of 2014";
    assert!(said.lines().any(|line| line == doubt), "{said}");
    assert_eq!(said.matches("warning").count(), 1, "{said}");
}

#[test]
fn what_a_document_is_to_be_follows_from_who_asks() {
    let folder = Folder::with_signer("media");
    folder.write("permit.json", SAMPLE);
    folder.write("refusal.json", REFUSAL);
    folder.write("answers.json", QUESTIONNAIRE);
    let run =
        |arguments: &str, out: &str| folder.run(&format!("issue {arguments} -o {out} {TIME}"));
    let permit = "permit.json";
    let answers = "answers.json --form questionnaire";
    let key = "--key signer.p12 --password-file password.txt";
    for (arguments, out, kind) in [
        (permit.to_owned(), "1.pdf", "a draft, not for signing"),
        (
            format!("{permit} --medium paper"),
            "2.pdf",
            "a sheet to be signed by hand",
        ),
        (
            format!("{permit} --for-signing"),
            "3.pdf",
            "with an empty signature field",
        ),
        (
            format!("{permit} --medium electronic {key}"),
            "4.pdf",
            "signed",
        ),
        (answers.to_owned(), "5.pdf", "finished"),
        (
            format!("{answers} --draft"),
            "6.pdf",
            "a draft, not for signing",
        ),
        (
            format!("{answers} --medium paper"),
            "7.pdf",
            "a sheet to be signed by hand",
        ),
        (
            format!("refusal.json --form refusal {key}"),
            "8.pdf",
            "signed",
        ),
        (
            format!("{permit} --verbatim --draft"),
            "9.pdf",
            "a draft, not for signing",
        ),
    ] {
        run(&arguments, out).assert(0, kind);
    }
    for (arguments, fact) in [
        (
            format!("{permit} --medium paper {key}"),
            "a sheet of paper is finished without",
        ),
        (
            format!("{permit} --medium paper --for-signing"),
            "a sheet of paper is finished",
        ),
        (
            format!("{permit} --medium electronic"),
            "counts only with its signature",
        ),
        (
            format!("{permit} --draft --for-signing"),
            "a draft is never signed",
        ),
        (
            format!("{answers} {key}"),
            "a questionnaire is finished without a signature",
        ),
        (
            format!("{answers} --for-signing"),
            "a questionnaire is finished",
        ),
        (
            format!("{permit} --form reissue"),
            "the data breaks the rules",
        ),
    ] {
        let code = if fact.starts_with("the data") { 9 } else { 2 };
        run(&arguments, "no.pdf").assert(code, fact);
        assert!(!folder.path("no.pdf").exists(), "{arguments}");
    }
    for (file, medium, wording) in [
        ("2.pdf", "paper", "corrected"),
        ("5.pdf", "electronic", "corrected"),
        ("8.pdf", "electronic", "corrected"),
        ("9.pdf", "draft", "verbatim"),
    ] {
        let file = folder.read(file);
        let pdf = Pdf::open(&file, &Limits::default()).unwrap();
        let render = Embedded::read(&pdf).unwrap().unwrap().render.unwrap();
        assert_eq!(
            (render.medium.as_str(), render.wording.as_str()),
            (medium, wording)
        );
        let has_field = pdf.catalog().unwrap().get("AcroForm").is_some();
        assert_eq!(has_field, render.form == "refusal");
    }
    let verify = "verify 8.pdf --trust ca --at 2026-03-03T09:00:00Z";
    let checked = folder.run(verify);
    checked.assert(0, "");
    let said = String::from_utf8(checked.stdout).unwrap();
    assert!(
        said.contains("Document: motivated refusal, БТ-9, 19 November 2013"),
        "{said}"
    );
    for file in ["2.pdf", "5.pdf"] {
        let sign = format!("sign {file} -o no.pdf {key} {TIME}");
        folder.run(&sign).assert(9, "error[FINISHED_UNSIGNED]");
    }
}

#[test]
fn an_edition_is_added_by_copying_a_folder() {
    let folder = Folder::new("edition");
    copy("atyrau-2013", &folder, "forms/next-2027");
    change(
        &folder,
        "forms/next-2027/form.toml",
        "id = \"atyrau-2013\"",
        "id = \"next-2027\"",
    );
    change(
        &folder,
        "forms/next-2027/form.toml",
        "\"2013-06-27\"",
        "\"2027-01-01\"",
    );
    change(
        &folder,
        "forms/next-2027/form.toml",
        "to = \"2014-07-21\"",
        "to = \"2037-01-01\"",
    );
    change(
        &folder,
        "forms/next-2027/main-head.hbs",
        "Серия <v>",
        "Номер серии <v>",
    );
    let listed = folder.run("forms list --templates forms");
    listed.assert(0, "");
    let listed = String::from_utf8(listed.stdout).unwrap();
    for line in [
        "atyrau-2013  2013-06-27 to 2014-07-21",
        "next-2027  2027-01-01 to 2037-01-01",
    ] {
        assert!(listed.lines().any(|found| found == line), "{listed}");
    }
    folder.run("forms check forms/next-2027").assert(0, "");
    // It has messages that the other edition has not, and lacks some of that one.
    copy("zhambyl-2014", &folder, "other/last-2028");
    change(
        &folder,
        "other/last-2028/form.toml",
        "id = \"zhambyl-2014\"",
        "id = \"last-2028\"",
    );
    folder.run("forms check other/last-2028").assert(0, "");

    let data = String::from_utf8_lossy(SAMPLE)
        .replace("\"atyrau-2013\"", "\"next-2027\"")
        .replace("\"2013-12-04\"", "\"2027-12-04\"");
    folder.write("permit.json", data.as_bytes());
    let issue = format!("issue permit.json -o permit.pdf {TIME}");
    folder.run(&issue).assert(9, "error[EDITION_UNKNOWN]");
    let issued = folder.run(&format!("{issue} --templates forms"));
    issued.assert(0, "a draft");
    // In force on its day; the old one's dates would have been told.
    assert!(!issued.stderr.contains("was in force"), "{}", issued.stderr);
    let preview = "forms preview forms/next-2027 --form permit -o preview.pdf --provenance";
    folder.run(preview).assert(0, "a preview");
    folder
        .run("forms preview forms/next-2027 -o permit-again.pdf")
        .assert(0, "10 pages, a preview");
    folder
        .run("forms preview forms/next-2027 --form statute -o no.pdf")
        .assert(2, "error[FORM_UNKNOWN]");
    folder
        .run(&format!(
            "issue permit.json -o no.pdf --templates missing {TIME}"
        ))
        .assert(2, "error[TEMPLATES_UNREADABLE]");
}

#[test]
fn faults_of_an_edition_are_told_by_file_and_line() {
    let folder = Folder::new("faults");
    copy("atyrau-2013", &folder, "atyrau-2013");
    let check = |line: &str| {
        let checked = folder.run("forms check atyrau-2013");
        checked.assert(1, "");
        let said = String::from_utf8(checked.stdout).unwrap();
        assert!(said.lines().any(|found| found == line), "{line}\n{said}");
    };
    change(
        &folder,
        "atyrau-2013/limits.hbs",
        "{{#each totals.air}}",
        "{{#each totals.ari}}",
    );
    check("atyrau-2013/limits.hbs:7: the form has no field totals.ari; is it air?");
    change(
        &folder,
        "atyrau-2013/duties.hbs",
        "<ru src=\"T\">7. ",
        "<ru>7. ",
    );
    check(
        "atyrau-2013/duties.hbs:12: the text has no src that says where it comes from: \"7. Условия природопользования \
         согласно приложению 5 к настоящему Разрешению.\"",
    );
    // Nothing is issued with it.
    folder.write("permit.json", SAMPLE);
    let issue = format!("issue permit.json -o no.pdf --templates . {TIME}");
    folder
        .run(&issue)
        .assert(2, "limits.hbs:7: the form has no field totals.ari");
    fs::remove_file(folder.path("atyrau-2013/form.toml")).unwrap();
    check("atyrau-2013/form.toml:1: the folder has no such file");
}

/// What an edition says of its signers counts where somebody names its folder, and nowhere else.
#[test]
fn a_document_of_an_added_edition_is_verified_with_its_folder() {
    let folder = Folder::with_signer("added");
    for role in ["can-sign", "employee"] {
        let issue = format!(
            "ca issue --ca ca --role {role} --iin 691007390018 --name Жанұзақов --bin 101140900013 \
             --org Басқарма -o {role}.p12 --password-file password.txt --at 2026-03-01T10:00:00Z"
        );
        folder.run(&issue).assert(0, "");
    }
    let roles = "signer_roles = [\"head\", \"can-sign\"]";
    for (id, own) in [
        ("next-2027", "signer_roles = [\"head\", \"can-sign\"]"),
        ("narrow-2027", "signer_roles = [\"can-sign\"]"),
        ("wide-2027", "signer_roles = [\"head\", \"employee\"]"),
    ] {
        let edition = format!("forms/{id}");
        copy("atyrau-2013", &folder, &edition);
        let settings = format!("{edition}/form.toml");
        let named = format!("id = \"{id}\"");
        change(&folder, &settings, "id = \"atyrau-2013\"", &named);
        change(&folder, &settings, roles, own);
        let data = String::from_utf8_lossy(SAMPLE).replace("\"atyrau-2013\"", &format!("\"{id}\""));
        folder.write(&format!("{id}.json"), data.as_bytes());
    }
    folder.write("atyrau-2013.json", SAMPLE);
    let sign = |edition: &str, key: &str, templates: &str| {
        let unsigned = format!(
            "issue {edition}.json -o unsigned.pdf --for-signing --force --templates forms {TIME}"
        );
        folder.run(&unsigned).assert(0, "");
        folder.run(&format!(
            "sign unsigned.pdf -o {edition}-{key}.pdf --force --key {key}.p12 --password-file \
             password.txt {TIME} {templates}"
        ))
    };
    // Without the folder a signer has to be one whom some known edition lets sign.
    sign("next-2027", "signer", "").assert(0, "");
    sign("narrow-2027", "signer", "").assert(0, "");
    sign("wide-2027", "employee", "").assert(9, "error[SIGNER_NO_AUTHORITY]");
    sign("narrow-2027", "can-sign", "--templates forms").assert(0, "");
    sign("wide-2027", "employee", "--templates forms").assert(0, "");
    for edition in ["narrow-2027", "atyrau-2013"] {
        let key = if edition == "atyrau-2013" {
            "employee"
        } else {
            "signer"
        };
        let signed = sign(edition, key, "--templates forms");
        signed.assert(9, "error[SIGNER_NO_AUTHORITY]");
    }

    let verify = |file: &str, templates: &str| {
        let at = "--at 2026-03-03T09:00:00Z";
        let checked = folder.run(&format!("verify {file} --trust ca {at} --json {templates}"));
        let report: serde_json::Value = serde_json::from_slice(&checked.stdout).unwrap_or_default();
        let codes = report.to_string();
        (checked.code, codes)
    };
    for (file, templates, code, says, never) in [
        (
            "next-2027-signer.pdf",
            "",
            0,
            "TEXT_NOT_COMPARED",
            "SIGNER_NO_AUTHORITY",
        ),
        (
            "next-2027-signer.pdf",
            "--templates forms",
            0,
            "",
            "TEXT_NOT_COMPARED",
        ),
        // The head may sign a permit of any edition known here, and not of this one.
        (
            "narrow-2027-signer.pdf",
            "",
            0,
            "TEXT_NOT_COMPARED",
            "SIGNER_NO_AUTHORITY",
        ),
        (
            "narrow-2027-signer.pdf",
            "--templates forms",
            1,
            "SIGNER_NO_AUTHORITY",
            "TEXT_NOT_COMPARED",
        ),
        (
            "narrow-2027-can-sign.pdf",
            "--templates forms",
            0,
            "",
            "TEXT_NOT_COMPARED",
        ),
        (
            "wide-2027-employee.pdf",
            "",
            1,
            "SIGNER_NO_AUTHORITY",
            "TEXT_NOT_COMPARED\"}]}",
        ),
        (
            "wide-2027-employee.pdf",
            "--templates forms",
            0,
            "",
            "TEXT_NOT_COMPARED",
        ),
    ] {
        let (found, codes) = verify(file, templates);
        assert_eq!(found, Some(code), "{file} {templates}: {codes}");
        assert!(
            codes.contains(says) && !codes.contains(never),
            "{file} {templates}: {codes}"
        );
    }

    // A form that the edition does not have is nobody's to sign.
    let settings = String::from_utf8(folder.read("forms/next-2027/form.toml")).unwrap();
    let renamed = settings.replace("[forms.permit", "[forms.reissue");
    folder.write(
        "forms/next-2027/form.toml",
        renamed
            .replace("like = \"permit\"", "like = \"reissue\"")
            .as_bytes(),
    );
    let (code, codes) = verify("next-2027-signer.pdf", "--templates forms");
    assert_eq!(code, Some(1), "{codes}");
    assert!(codes.contains("SIGNER_NO_AUTHORITY"), "{codes}");

    // A folder that calls itself an edition of the program does not change who signs its forms.
    copy("atyrau-2013", &folder, "own/atyrau-2013");
    folder
        .run("verify wide-2027-employee.pdf --trust ca --templates own")
        .assert(1, "");
    change(
        &folder,
        "own/atyrau-2013/form.toml",
        roles,
        "signer_roles = [\"head\", \"employee\"]",
    );
    let wrong = "the edition atyrau-2013 of the program does not let employee sign permit";
    for command in [
        "verify next-2027-signer.pdf --trust ca --templates own",
        "issue atyrau-2013.json -o no.pdf --templates own",
        "sign unsigned.pdf -o no.pdf --key signer.p12 --password-file password.txt --templates own",
    ] {
        folder.run(command).assert(2, wrong);
    }
    // Nor does one that has another name than its folder.
    fs::rename(folder.path("forms/wide-2027"), folder.path("forms/other")).unwrap();
    let verify = "verify wide-2027-employee.pdf --trust ca";
    folder
        .run(&format!("{verify} --templates forms"))
        .assert(2, "error[EDITION_NAME]");
    folder
        .run(&format!("{verify} --templates none"))
        .assert(2, "error[TEMPLATES_UNREADABLE]");
    let itself = folder.run(&format!("{verify} --templates forms/other"));
    itself.assert(2, "this is an edition itself: name the folder above it");
}

#[test]
fn what_editors_leave_behind_is_no_part_of_an_edition() {
    let folder = Folder::new("leavings");
    copy("zhambyl-2014", &folder, "forms/zhambyl-2027");
    let settings = "forms/zhambyl-2027/form.toml";
    change(
        &folder,
        settings,
        "id = \"zhambyl-2014\"",
        "id = \"zhambyl-2027\"",
    );
    for name in [
        "form.toml~",
        ".permit.hbs.swp",
        "._permit.hbs",
        "#permit.hbs#",
        "permit.hbs.bak",
    ] {
        folder.write(&format!("forms/zhambyl-2027/{name}"), b"{{#if");
    }
    fs::create_dir(folder.path("forms/.git")).unwrap();
    folder.write("forms/.git/form.toml", b"");
    folder.write("forms/readme.txt", b"");
    let check = "forms check forms/zhambyl-2027";
    folder.run(check).assert(0, "");
    // As an editor for Windows saves it.
    for name in ["form.toml", "permit.hbs", "duties.hbs"] {
        let file = format!("forms/zhambyl-2027/{name}");
        let text = String::from_utf8(folder.read(&file)).unwrap();
        let text = format!("\u{feff}{}", text.replace('\n', "\r\n"));
        folder.write(&file, text.as_bytes());
    }
    folder.run(check).assert(0, "");
    folder.run("forms list --templates forms").assert(0, "");

    let told = |line: &str| {
        let checked = folder.run(check);
        checked.assert(1, "");
        let said = String::from_utf8(checked.stdout).unwrap();
        let line = format!("forms/zhambyl-2027/{line}");
        assert!(said.lines().any(|found| found == line), "{line}\n{said}");
    };
    let duties = folder.read("forms/zhambyl-2027/duties.hbs");
    let mut broken = duties.clone();
    let at = broken.windows(2).position(|two| two == b"7.").unwrap();
    broken[at] = 0xcf;
    folder.write("forms/zhambyl-2027/duties.hbs", &broken);
    told("duties.hbs:11: a character cannot be read: save the file as UTF-8");
    folder.write("forms/zhambyl-2027/duties.hbs", &duties);
    fs::create_dir(folder.path("forms/zhambyl-2027/samples")).unwrap();
    folder.write("forms/zhambyl-2027/samples/permti.json", b"{}");
    told("samples/permti.json:1: the edition has no form of that name");
    fs::remove_file(folder.path("forms/zhambyl-2027/samples/permti.json")).unwrap();
    fs::rename(
        folder.path("forms/zhambyl-2027"),
        folder.path("forms/zhambyl-2028"),
    )
    .unwrap();
    let checked = folder.run("forms check forms/zhambyl-2028");
    checked.assert(1, "");
    let said = String::from_utf8(checked.stdout).unwrap();
    let line = "forms/zhambyl-2028/form.toml:8: id is \"zhambyl-2027\", and the folder's name is \
                \"zhambyl-2028\": both are to be the same";
    assert!(said.lines().any(|found| found == line), "{said}");
}

/// The library in this process, and the program in one of its own.
#[test]
fn every_form_has_the_same_bytes_in_another_process() {
    let folder = Folder::new("processes");
    let time = datetime!(2026-03-02 09:00 UTC);
    for id in Edition::builtin_ids() {
        let edition = Edition::builtin(id).unwrap();
        for form in edition.forms() {
            let data = Edition::builtin_samples(id, form).next().unwrap();
            let document = Document::from_json(form.parse().unwrap(), data.as_bytes()).unwrap();
            let options = RenderOptions::new(Language::KkRu, Medium::Paper, time);
            let made = document::render(&edition, &document, &options).unwrap().pdf;
            folder.write("data.json", data.as_bytes());
            let issue =
                format!("issue data.json --form {form} -o out.pdf --medium paper --force {TIME}");
            folder.run(&issue).assert(0, "a sheet to be signed by hand");
            assert!(folder.read("out.pdf") == made, "{id} {form}");
        }
    }
}

fn copy(edition: &str, folder: &Folder, to: &str) {
    let from = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("templates")
        .join(edition);
    fs::create_dir_all(folder.path(to)).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        folder.write(&format!("{to}/{name}"), &fs::read(&path).unwrap());
    }
}

#[track_caller]
fn change(folder: &Folder, file: &str, old: &str, new: &str) {
    let text = String::from_utf8(folder.read(file)).unwrap();
    assert!(text.contains(old), "{file}: {old}");
    folder.write(file, text.replace(old, new).as_bytes());
}

const REFUSAL: &[u8] = include_bytes!("../../fixtures/refusals/atyrau-2013.json");
const QUESTIONNAIRE: &[u8] = include_bytes!("../../fixtures/questionnaires/atyrau-2013.json");
