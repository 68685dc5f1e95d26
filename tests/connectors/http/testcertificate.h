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

} // namespace pilothouse
