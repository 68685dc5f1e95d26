#pragma once

namespace pilothouse {

// Self-signed, for the name pilot.test alone, good until 2126. Made for these tests and of no use
// anywhere else.
inline constexpr char testCertificate[]
    = "-----BEGIN CERTIFICATE-----\n"
      "MIIBmDCCAT6gAwIBAgIUOBnIGFNxEMFCEE3t4K5RKSXbeA0wCgYIKoZIzj0EAwIw\n"
      "FTETMBEGA1UEAwwKcGlsb3QudGVzdDAgFw0yNjExMjQxMTQ4NDRaGA8yMTI2MTAz\n"
      "MTExNDg0NFowFTETMBEGA1UEAwwKcGlsb3QudGVzdDBZMBMGByqGSM49AgEGCCqG\n"
      "SM49AwEHA0IABGcbe0GZkswNm21L9ULC0CaF5FNrDDhnfCXw4B1urov0lBkj034Z\n"
      "/vUTbSHnd/Y/75ShCpLTUFOtWDMG0T+BcsWjajBoMB0GA1UdDgQWBBQ676OblZ0+\n"
      "4WP0WGC9Mj+PrDgK0DAfBgNVHSMEGDAWgBQ676OblZ0+4WP0WGC9Mj+PrDgK0DAV\n"
      "BgNVHREEDjAMggpwaWxvdC50ZXN0MA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0E\n"
      "AwIDSAAwRQIgUuUaGW0j8Nwfr+r63bsOn/ueIFMKefpL6uTiZVMEv70CIQCMUofZ\n"
      "BibsVRHzdCnZnWMPnxWudvdP4QnQtxLM+3hP0A==\n"
      "-----END CERTIFICATE-----\n";

inline constexpr char testKey[]
    = "-----BEGIN PRIVATE KEY-----\n"
      "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgGJjcilBqizbTIGVe\n"
      "etLslHen1xNJVDO1rbPGIM/YQkGhRANCAARnG3tBmZLMDZttS/VCwtAmheRTaww4\n"
      "Z3wl8OAdbq6L9JQZI9N+Gf71E20h53f2P++UoQqS01BTrVgzBtE/gXLF\n"
      "-----END PRIVATE KEY-----\n";

// A client's, of the name second.test.
inline constexpr char secondCertificate[]
    = "-----BEGIN CERTIFICATE-----\n"
      "MIIBhDCCASmgAwIBAgIUCeGOWkTXg3mAu6hRH7BfH083Z8QwCgYIKoZIzj0EAwIw\n"
      "FjEUMBIGA1UEAwwLc2Vjb25kLnRlc3QwIBcNMjYxMTI4MjMzOTQ4WhgPMjEyNjEx\n"
      "MDQyMzM5NDhaMBYxFDASBgNVBAMMC3NlY29uZC50ZXN0MFkwEwYHKoZIzj0CAQYI\n"
      "KoZIzj0DAQcDQgAEyMEUE//2YUNQx+w9BPnT0J2nTB5boDuqdamJbgza4gYl7KRL\n"
      "4nZDKdc6lf0lAZyr5NSl8PoNxmlzDjohwdn1C6NTMFEwHQYDVR0OBBYEFKkIvjw+\n"
      "n3tk8LFCcII3JvqLNa7MMB8GA1UdIwQYMBaAFKkIvjw+n3tk8LFCcII3JvqLNa7M\n"
      "MA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSQAwRgIhAKTKKU4H2DIIAOsy\n"
      "zsbr3mf24W1HHanaunc0LFkMDZMKAiEAiX6GTCYWEh/W5yb0uxaLuskmUIYtaCON\n"
      "w/gRpp7jjAs=\n"
      "-----END CERTIFICATE-----\n";

inline constexpr char secondKey[]
    = "-----BEGIN PRIVATE KEY-----\n"
      "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgiMCXlZbsyd7yeCD9\n"
      "dDCV7k+MHNZ5ZGEne4zMOvIPeJ2hRANCAATIwRQT//ZhQ1DH7D0E+dPQnadMHlug\n"
      "O6p1qYluDNriBiXspEvidkMp1zqV/SUBnKvk1KXw+g3GaXMOOiHB2fUL\n"
      "-----END PRIVATE KEY-----\n";

} // namespace pilothouse
