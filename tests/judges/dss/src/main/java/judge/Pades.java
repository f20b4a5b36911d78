package judge;

import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.model.x509.CertificateToken;
import eu.europa.esig.dss.simplereport.SimpleReport;
import eu.europa.esig.dss.spi.DSSUtils;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.CommonCertificateSource;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import eu.europa.esig.dss.spi.x509.revocation.crl.ExternalResourcesCRLSource;
import eu.europa.esig.dss.validation.SignedDocumentValidator;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Asks EU DSS about PDF files, with the evidence in a folder of the TEST authority and no network:
 *
 * <pre>Pades AUTHORITY-FOLDER FILE…</pre>
 *
 * <p>AUTHORITY-FOLDER holds root.pem (the anchor), other *.pem certificates (issuers) and the complete lists
 * crl/*.crl. One line a signature goes to standard output, fields parted by a tab: file, number of the signature, indication,
 * sub-indication, level, first error. A file without signature gives the line "NONE". What is right is for the
 * caller to say; the exit code is 0 when every file could be read, else 1.
 */
public final class Pades {
  private final CommonTrustedCertificateSource anchors = new CommonTrustedCertificateSource();
  private final CommonCertificateSource issuers = new CommonCertificateSource();
  private final List<byte[]> lists = new ArrayList<>();

  private Pades(File authority) throws IOException {
    for (File pem : named(authority, ".pem")) {
      CertificateToken certificate = DSSUtils.loadCertificate(pem);
      if (pem.getName().equals("root.pem")) anchors.addCertificate(certificate);
      else issuers.addCertificate(certificate);
    }
    for (File list : named(new File(authority, "crl"), ".crl")) {
      // DSS takes a delta list for a complete one.
      if (!list.getName().endsWith("-delta.crl")) lists.add(Files.readAllBytes(list.toPath()));
    }
    if (anchors.getNumberOfCertificates() != 1 || lists.isEmpty())
      throw new IOException(authority + ": needs root.pem and crl/*.crl");
  }

  public static void main(String[] args) throws IOException {
    Pades judge = new Pades(new File(args[0]));
    boolean allRead = args.length > 1;
    for (int i = 1; i < args.length; i++) {
      File file = new File(args[i]);
      try {
        judge.ask(file);
      } catch (RuntimeException unreadable) {
        allRead = false;
        print(file, 0, "UNREADABLE", null, null, List.of(String.valueOf(unreadable.getMessage())));
      }
    }
    System.exit(allRead ? 0 : 1);
  }

  private void ask(File file) {
    SignedDocumentValidator validator = SignedDocumentValidator.fromDocument(new FileDocument(file));
    validator.setCertificateVerifier(verifier());
    SimpleReport report = validator.validateDocument().getSimpleReport();
    int number = 0;
    for (String id : report.getSignatureIdList()) {
      List<String> errors = new ArrayList<>();
      report.getAdESValidationErrors(id).forEach(message -> errors.add(message.getValue()));
      print(file, ++number, report.getIndication(id), report.getSubIndication(id), report.getSignatureFormat(id), errors);
    }
    if (number == 0) print(file, 0, "NONE", null, null, List.of());
  }

  /** A new one for each file: a source of lists reads its streams once. */
  private CommonCertificateVerifier verifier() {
    CommonCertificateVerifier verifier = new CommonCertificateVerifier();
    verifier.setTrustedCertSources(anchors);
    verifier.setAdjunctCertSources(issuers);
    InputStream[] streams = lists.stream().map(ByteArrayInputStream::new).toArray(InputStream[]::new);
    verifier.setCrlSource(new ExternalResourcesCRLSource(streams));
    verifier.setAIASource(null); // the default source would ask the network
    return verifier;
  }

  private static List<File> named(File folder, String end) {
    File[] found = folder.listFiles((in, name) -> name.toLowerCase(Locale.ROOT).endsWith(end));
    return found == null ? List.of() : List.of(found);
  }

  private static void print(File file, int number, Object indication, Object sub, Object level, List<String> errors) {
    String first = errors.isEmpty() ? "" : errors.get(0).replaceAll("\\s+", " ");
    System.out.println(file.getName() + "\t" + number + "\t" + indication + "\t" + sub + "\t" + level + "\t" + first);
  }
}
