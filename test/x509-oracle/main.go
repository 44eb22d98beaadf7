// The oracle for names and certificates: Go's crypto/x509, which cert-manager is built on. Reads a JSON array of cases on
// standard input; answers for each how Go encodes the same subject and alternative names, and what Go reads in the
// certificate that was issued for them.
package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"net"
	"net/url"
	"os"
	"time"
)

type testCase struct {
	CommonName, SerialNumber                                  string
	Countries, Organizations, OrganizationalUnits, Localities []string
	Provinces, StreetAddresses, PostalCodes                   []string
	DNSNames, EmailAddresses, IPAddresses, URIs               []string
	Certificate, Root                                         string
	Now                                                       time.Time
}

type answer struct {
	Subject, AltNames                           string
	DNSNames, EmailAddresses, IPAddresses, URIs []string
	Serial, SubjectKeyID, AuthorityKeyID        string
	NotBefore, NotAfter                         time.Time
	IsCA                                        bool
	KeyUsage                                    int
	Error                                       string
}

func main() {
	var cases []testCase
	check(json.NewDecoder(os.Stdin).Decode(&cases))
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	check(err)
	answers := make([]answer, len(cases))
	for i, c := range cases {
		answers[i] = read(c)
		answers[i].Subject, answers[i].AltNames = encode(c, key)
	}
	check(json.NewEncoder(os.Stdout).Encode(answers))
}

func encode(c testCase, key *ecdsa.PrivateKey) (subject, altNames string) {
	name := pkix.Name{
		CommonName: c.CommonName, SerialNumber: c.SerialNumber,
		Country: c.Countries, Organization: c.Organizations, OrganizationalUnit: c.OrganizationalUnits,
		Locality: c.Localities, Province: c.Provinces, StreetAddress: c.StreetAddresses, PostalCode: c.PostalCodes,
	}
	raw, err := asn1.Marshal(name.ToRDNSequence())
	check(err)
	template := &x509.CertificateRequest{RawSubject: raw, DNSNames: c.DNSNames, EmailAddresses: c.EmailAddresses}
	for _, text := range c.IPAddresses {
		template.IPAddresses = append(template.IPAddresses, net.ParseIP(text))
	}
	for _, text := range c.URIs {
		uri, err := url.Parse(text)
		check(err)
		template.URIs = append(template.URIs, uri)
	}
	der, err := x509.CreateCertificateRequest(rand.Reader, template, key)
	check(err)
	request, err := x509.ParseCertificateRequest(der)
	check(err)
	for _, extension := range request.Extensions {
		if extension.Id.String() == "2.5.29.17" {
			altNames = hex.EncodeToString(extension.Value)
		}
	}
	return hex.EncodeToString(raw), altNames
}

func read(c testCase) answer {
	certificate, err := x509.ParseCertificate(decode(c.Certificate))
	if err != nil {
		return answer{Error: err.Error()}
	}
	root, err := x509.ParseCertificate(decode(c.Root))
	check(err)
	roots := x509.NewCertPool()
	roots.AddCert(root)
	usages := []x509.ExtKeyUsage{x509.ExtKeyUsageAny}
	a := answer{
		DNSNames: certificate.DNSNames, EmailAddresses: certificate.EmailAddresses,
		Serial:       hex.EncodeToString(certificate.SerialNumber.Bytes()),
		SubjectKeyID: hex.EncodeToString(certificate.SubjectKeyId), AuthorityKeyID: hex.EncodeToString(certificate.AuthorityKeyId),
		NotBefore: certificate.NotBefore, NotAfter: certificate.NotAfter, IsCA: certificate.IsCA, KeyUsage: int(certificate.KeyUsage),
	}
	for _, ip := range certificate.IPAddresses {
		a.IPAddresses = append(a.IPAddresses, ip.String())
	}
	for _, uri := range certificate.URIs {
		a.URIs = append(a.URIs, uri.String())
	}
	if _, err := certificate.Verify(x509.VerifyOptions{Roots: roots, CurrentTime: c.Now, KeyUsages: usages}); err != nil {
		a.Error = err.Error()
	}
	return a
}

func decode(text string) []byte {
	block, _ := pem.Decode([]byte(text))
	return block.Bytes
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
