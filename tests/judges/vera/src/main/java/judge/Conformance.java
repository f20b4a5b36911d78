package judge;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/**
 * Whether each file is PDF/A-3a and PDF/UA-1, in veraPDF's judgement. A line for a file and a
 * profile: PASS, or FAIL with the clauses that do not hold and how often, or ERROR when the file
 * could not be judged. Ends with 1 unless all pass.
 */
public final class Conformance {
    private static final String[] PROFILES = {"3a", "ua1"};

    private Conformance() {}

    public static void main(String[] files) {
        VeraGreenfieldFoundryProvider.initialise();
        boolean allPass = files.length > 0;
        for (String file : files) {
            for (String profile : PROFILES) {
                String verdict = verdict(file, PDFAFlavour.fromString(profile));
                System.out.println(verdict + "\t" + profile + "\t" + file);
                allPass &= verdict.equals("PASS");
            }
        }
        System.exit(allPass ? 0 : 1);
    }

    private static String verdict(String file, PDFAFlavour profile) {
        try (InputStream bytes = Files.newInputStream(Path.of(file));
                PDFAParser parser = Foundries.defaultInstance().createParser(bytes, profile)) {
            PDFAValidator validator = Foundries.defaultInstance().createValidator(profile, false);
            ValidationResult result = validator.validate(parser);
            return result.isCompliant() ? "PASS" : "FAIL " + failures(result);
        } catch (Exception cause) {
            return "ERROR " + cause;
        }
    }

    /** Clause and test of the profile, and how often it failed. */
    private static Map<String, Integer> failures(ValidationResult result) {
        Map<String, Integer> failures = new TreeMap<>();
        for (TestAssertion assertion : result.getTestAssertions()) {
            if (assertion.getStatus() == TestAssertion.Status.FAILED) {
                String rule =
                        assertion.getRuleId().getClause() + "-" + assertion.getRuleId().getTestNumber();
                failures.merge(rule, 1, Integer::sum);
            }
        }
        return failures;
    }
}
