#include "logs/masking.h"

#include "base/tokenforms.h"
#include "logs/logline.h"

#include <hs.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <vector>

namespace pilothouse {
namespace {

/// What every token form contains: a text without any of them needs no expression.
constexpr std::array<const char *, 24> signs
    = {"ghp_",    "gho_",  "ghs_",  "ghr_", "ghu_",  "github_pat_", "ya29.",  "eyJ",
       "earer ",  "://",   "AKIA",  "ASIA", "AIza",  "glpat-",      "xox",    "assword",
       "ASSWORD", "ecret", "ECRET", "oken", "TOKEN", "asswd",       "Basic ", "PRIVATE KEY"};

constexpr const char *keyBegin = "-----BEGIN ";
constexpr const char *keyEnd = "-----END ";
/// More than any private key has: an END that never comes must not hide the rest of the log.
constexpr int mostKeyLines = 200;

QByteArray maskLine(const QByteArray &line)
{
    // Latin-1 keeps every byte as it is, valid UTF-8 or not; token forms are ASCII.
    return maskedLine(QString::fromLatin1(line)).toLatin1();
}

/// All signs in one pass; null where this machine cannot.
hs_database_t *signDatabase()
{
    static hs_database_t *const database = [] {
        std::array<unsigned, signs.size()> flags = {};
        std::array<unsigned, signs.size()> ids = {};
        std::array<size_t, signs.size()> lengths = {};
        for (size_t i = 0; i < signs.size(); ++i)
            lengths[i] = std::strlen(signs[i]);
        hs_database_t *made = nullptr;
        hs_compile_error_t *error = nullptr;
        if (hs_compile_lit_multi(signs.data(), flags.data(), ids.data(), lengths.data(),
                                 unsigned(signs.size()), HS_MODE_BLOCK, nullptr, &made, &error)
            != HS_SUCCESS)
            hs_free_compile_error(error);
        return made;
    }();
    return database;
}

/// The last byte of each sign, ascending.
std::vector<qsizetype> signsIn(const QByteArray &text)
{
    struct Scratch
    {
        hs_scratch_t *memory = nullptr;
        ~Scratch() { hs_free_scratch(memory); }
    };
    thread_local Scratch scratch;
    std::vector<qsizetype> found;
    if (signDatabase() && hs_alloc_scratch(signDatabase(), &scratch.memory) == HS_SUCCESS
        && hs_scan(
               signDatabase(), text.constData(), unsigned(text.size()), 0, scratch.memory,
               [](unsigned, unsigned long long, unsigned long long to, unsigned, void *context) {
                   static_cast<std::vector<qsizetype> *>(context)->push_back(qsizetype(to) - 1);
                   return 0;
               },
               &found)
               == HS_SUCCESS) {
        // No order is promised; what stood out of it would be passed over.
        if (!std::is_sorted(found.begin(), found.end()))
            std::sort(found.begin(), found.end());
        return found;
    }
    // Every line is looked at.
    found.clear();
    for (qsizetype at = 0; at < text.size();) {
        const qsizetype newline = text.indexOf('\n', at);
        found.push_back(at);
        at = newline < 0 ? text.size() : newline + 1;
    }
    return found;
}

bool mayBeOfToken(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')
           || (c > ' ' && std::strchr("_-.~+/=:@", c) != nullptr);
}

/// "-----BEGIN RSA PRIVATE KEY-----", also "OPENSSH" and "ENCRYPTED"; a certificate is no secret.
bool beginsKey(const QByteArray &line)
{
    const qsizetype at = line.indexOf(keyBegin);
    return at >= 0 && line.indexOf("PRIVATE KEY", at) > 0 && line.indexOf(keyEnd, at) < 0;
}

} // namespace

QByteArray TokenMasker::maskKeys(const QByteArray &lines)
{
    if (m_keyLines == 0 && !lines.contains(keyBegin))
        return lines;
    QByteArray out;
    out.reserve(lines.size());
    for (qsizetype at = 0; at < lines.size();) {
        const qsizetype newline = lines.indexOf('\n', at);
        const qsizetype end = newline < 0 ? lines.size() : newline;
        const QByteArray line = lines.mid(at, end - at);
        if (m_keyLines > 0) {
            const bool ends = line.contains(keyEnd);
            // Blanks are no secret: a last line of nothing else is a line, too.
            const qsizetype stamp = stampLength(line);
            const bool isBlank = line.mid(stamp).trimmed().isEmpty();
            out += ends || isBlank ? line : line.left(stamp) + QByteArray("***");
            m_keyLines = ends || m_keyLines >= mostKeyLines ? 0 : m_keyLines + 1;
        } else {
            out += line;
            m_keyLines = beginsKey(line) ? 1 : 0;
        }
        if (newline >= 0)
            out += '\n';
        at = end + 1;
    }
    return out;
}

QByteArray TokenMasker::mask(const QByteArray &lines)
{
    QByteArray keyless = maskKeys(lines);
    const std::vector<qsizetype> found = signsIn(keyless);
    if (found.empty())
        return keyless;
    // Only lines with a sign are looked at closely.
    QByteArray out;
    out.reserve(keyless.size());
    qsizetype copied = 0;
    for (const qsizetype place : found) {
        if (place < copied)
            continue;
        const qsizetype begin = place == 0 ? 0 : keyless.lastIndexOf('\n', place - 1) + 1;
        const qsizetype newline = keyless.indexOf('\n', place);
        const qsizetype end = newline < 0 ? keyless.size() : newline + 1;
        out.append(keyless.constData() + copied, begin - copied);
        out += maskLine(keyless.mid(begin, end - begin));
        copied = end;
    }
    out.append(keyless.constData() + copied, keyless.size() - copied);
    return out;
}

QByteArray TokenMasker::maskOpen(QByteArray line) const
{
    if (m_keyLines == 0) {
        // Every form begins with its sign and goes on without a space: what stands before the last
        // word is whole, and the last word is harmless unless a sign is in it or just before it.
        qsizetype word = line.size();
        while (word > 0 && !QByteArrayView(" \t\v\f\r").contains(line[word - 1]))
            --word;
        const std::vector<qsizetype> found = signsIn(line);
        if (!found.empty() && found.back() >= word - 1)
            line.truncate(word);
        // A key alone has spaces.
        const qsizetype key = line.lastIndexOf(keyBegin);
        const qsizetype end = key < 0 ? -1 : line.indexOf(keyEnd, key);
        if (key >= 0
            && (end < 0 || line.indexOf("-----", end + qsizetype(std::strlen(keyEnd))) < 0))
            line.truncate(key);
    }
    TokenMasker masker = *this;
    return masker.mask(line);
}

QByteArray maskTokens(const QByteArray &lines)
{
    TokenMasker masker;
    return masker.mask(lines);
}

qsizetype safeCut(const QByteArray &piece)
{
    qsizetype at = piece.size();
    while (at > 0 && mayBeOfToken(piece[at - 1]))
        --at;
    return at;
}

} // namespace pilothouse
