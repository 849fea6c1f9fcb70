// SPDX-License-Identifier: Apache-2.0

package io.hawser;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;

/** Where a certificate and its key are read from. */
sealed interface CertificateFiles {
    /** What is read. */
    List<Path> files();

    /** What the files hold now; not whether it fits together. */
    KeyStore.PrivateKeyEntry entry() throws IOException, GeneralSecurityException;

    /**
     * What the files hold now.
     *
     * @throws IllegalArgumentException if they cannot be read, or the key is not the certificate's
     */
    default KeyStore.PrivateKeyEntry read() {
        KeyStore.PrivateKeyEntry entry;
        try {
            entry = entry();
        } catch (IOException | GeneralSecurityException e) {
            throw unreadable("the certificate", files(), e);
        }
        if (!belongTogether(entry)) {
            throw new IllegalArgumentException("the key is not that of the certificate: " + files());
        }
        return entry;
    }

    /**
     * The certificates in a PEM file.
     *
     * @throws IllegalArgumentException if it cannot be read or holds none
     */
    static List<X509Certificate> certificates(Path file) {
        try {
            return readChain(file);
        } catch (IOException | GeneralSecurityException e) {
            throw unreadable("certificates", List.of(file), e);
        }
    }

    private static IllegalArgumentException unreadable(String what, List<Path> files, Exception cause) {
        return new IllegalArgumentException("cannot read " + what + " from " + files + ": " + reason(cause), cause);
    }

    /** Why a file could not be read, for people; the exceptions of the file system have only its name for a message. */
    static String reason(Exception cause) {
        return switch (cause) {
            case NoSuchFileException missing -> "there is no " + missing.getFile();
            case AccessDeniedException denied -> denied.getFile() + " may not be read by this user";
            default -> cause.getMessage() == null ? cause.toString() : cause.getMessage();
        };
    }

    private static List<X509Certificate> readChain(Path file) throws IOException, GeneralSecurityException {
        try (InputStream in = Files.newInputStream(file)) {
            List<X509Certificate> chain = CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
                    .map(X509Certificate.class::cast)
                    .toList();
            if (chain.isEmpty()) {
                throw new GeneralSecurityException("it holds no certificate");
            }
            return chain;
        }
    }

    /** Whether what the key signs is verified by the certificate. */
    private static boolean belongTogether(KeyStore.PrivateKeyEntry entry) {
        String algorithm = entry.getPrivateKey().getAlgorithm();
        if (!algorithm.equals(entry.getCertificate().getPublicKey().getAlgorithm())) {
            return false;
        }
        try {
            Signature signature = Signature.getInstance(switch (algorithm) {
                case "RSA" -> "SHA256withRSA";
                case "EC" -> "SHA256withECDSA";
                default -> algorithm;
            });
            signature.initSign(entry.getPrivateKey());
            byte[] signed = signature.sign();
            signature.initVerify(entry.getCertificate());
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** Files in PEM: the chain, and the key in PKCS#8. */
    record Pem(Path chain, Path key, @Nullable String password) implements CertificateFiles {
        private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");

        @Override
        public List<Path> files() {
            return List.of(chain, key);
        }

        @Override
        public KeyStore.PrivateKeyEntry entry() throws IOException, GeneralSecurityException {
            return new KeyStore.PrivateKeyEntry(readKey(), readChain(chain).toArray(X509Certificate[]::new));
        }

        private PrivateKey readKey() throws IOException, GeneralSecurityException {
            String pem = Files.readString(key, StandardCharsets.US_ASCII);
            if (password != null) {
                return privateKey(decrypted(new EncryptedPrivateKeyInfo(block(pem, "ENCRYPTED PRIVATE KEY")), password));
            }
            return privateKey(new PKCS8EncodedKeySpec(block(pem, "PRIVATE KEY")));
        }

        private static byte[] block(String pem, String kind) throws GeneralSecurityException {
            String begin = "-----BEGIN " + kind + "-----";
            int start = pem.indexOf(begin);
            int end = pem.indexOf("-----END " + kind + "-----");
            if (start < 0 || end < start) {
                throw new GeneralSecurityException(
                        "the key file has no block '" + kind + "'; 'openssl pkcs8 -topk8' makes one of other kinds of key");
            }
            try {
                return Base64.getMimeDecoder().decode(pem.substring(start + begin.length(), end));
            } catch (IllegalArgumentException e) {
                throw new GeneralSecurityException("the key is not base64", e);
            }
        }

        private static PKCS8EncodedKeySpec decrypted(EncryptedPrivateKeyInfo info, String password)
                throws GeneralSecurityException {
            AlgorithmParameters parameters = info.getAlgParameters();
            // PBES2 names its algorithm in the parameters alone.
            String algorithm = parameters == null ? info.getAlgName() : parameters.toString();
            String name = algorithm.startsWith("PBE") ? algorithm : info.getAlgName();
            Cipher cipher = Cipher.getInstance(name);
            cipher.init(
                    Cipher.DECRYPT_MODE,
                    SecretKeyFactory.getInstance(name).generateSecret(new PBEKeySpec(password.toCharArray())),
                    parameters);
            return info.getKeySpec(cipher);
        }

        /** The key says by itself of which kind it is, but the JDK asks for the kind. */
        private static PrivateKey privateKey(PKCS8EncodedKeySpec encoded) throws GeneralSecurityException {
            for (String algorithm : ALGORITHMS) {
                try {
                    return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
                } catch (InvalidKeySpecException e) {
                    // perhaps the next
                }
            }
            throw new InvalidKeySpecException("the key is none of " + ALGORITHMS);
        }

        @Override
        public String toString() {
            return files().toString(); // not the password
        }
    }

    /** A PKCS#12 file. */
    record Pkcs12(Path file, String password) implements CertificateFiles {
        @Override
        public List<Path> files() {
            return List.of(file);
        }

        @Override
        public KeyStore.PrivateKeyEntry entry() throws IOException, GeneralSecurityException {
            KeyStore store = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(file)) {
                store.load(in, password.toCharArray());
            }
            for (String alias : Collections.list(store.aliases())) {
                if (!store.isKeyEntry(alias)) {
                    continue; // a certificate to trust, which is not protected and cannot be asked for with a password
                }
                KeyStore.Entry entry = store.getEntry(alias, new KeyStore.PasswordProtection(password.toCharArray()));
                if (entry instanceof KeyStore.PrivateKeyEntry found) {
                    return found;
                }
            }
            throw new GeneralSecurityException("it holds no key");
        }

        @Override
        public String toString() {
            return files().toString(); // not the password
        }
    }
}
