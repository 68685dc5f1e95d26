#include "base/words.h"
#include "document/duration.h"
#include "document/fields.h"
#include "document/nearestword.h"

#include <algorithm>
#include <cmath>

namespace pilothouse {

namespace {

bool isDigits(QStringView text)
{
    if (text.startsWith(QLatin1Char('-')))
        text = text.sliced(1);
    return !text.isEmpty() && std::all_of(text.begin(), text.end(), [](QChar c) {
        return c >= QLatin1Char('0') && c <= QLatin1Char('9');
    });
}

} // namespace

std::optional<QString> Fields::scalar(const char *key, Need need, const QString &what)
{
    const YamlNode value = take(key, need);
    if (value.isMissing())
        return std::nullopt;
    if (!value.isScalar()) {
        expected(key, what, value);
        return std::nullopt;
    }
    return value.text();
}

std::optional<QString> Fields::text(const char *key, Need need)
{
    std::optional<QString> text = scalar(key, need, Words::tr("text"));
    if (text && text->isEmpty() && m_strictness == Strictness::Strict) {
        expected(key, Words::tr("text"), m_map.value(QString(QLatin1String(key))));
        return std::nullopt;
    }
    return text;
}

std::optional<qint64> Fields::integer(const char *key, Need need, qint64 min, qint64 max)
{
    QString what = Words::tr("a whole number");
    if (min != std::numeric_limits<qint64>::min() && max != std::numeric_limits<qint64>::max())
        what = Words::tr("a whole number from %1 to %2").arg(min).arg(max);
    else if (min != std::numeric_limits<qint64>::min())
        what = Words::tr("a whole number from %1 up").arg(min);
    const std::optional<QString> text = scalar(key, need, what);
    if (!text)
        return std::nullopt;
    const YamlNode value = m_map.value(QString(QLatin1String(key)));
    bool fits = false;
    const qint64 number = text->toLongLong(&fits);
    if (!value.isPlain() || !isDigits(*text) || !fits || number < min || number > max) {
        expected(key, what, value);
        return std::nullopt;
    }
    return number;
}

std::optional<double> Fields::number(const char *key, Need need)
{
    const QString what = Words::tr("a number such as 0.01");
    const std::optional<QString> text = scalar(key, need, what);
    if (!text)
        return std::nullopt;
    const YamlNode value = m_map.value(QString(QLatin1String(key)));
    bool reads = false;
    const double number = text->toDouble(&reads);
    if (!value.isPlain() || !reads || !std::isfinite(number)) {
        expected(key, what, value);
        return std::nullopt;
    }
    return number;
}

std::optional<bool> Fields::flag(const char *key, Need need)
{
    const QString what = Words::tr("true or false");
    const std::optional<QString> text = scalar(key, need, what);
    if (!text)
        return std::nullopt;
    const YamlNode value = m_map.value(QString(QLatin1String(key)));
    if (value.isPlain() && *text == QLatin1String("true"))
        return true;
    if (value.isPlain() && *text == QLatin1String("false"))
        return false;
    expected(key, what, value,
             nearestWord(*text, {QStringLiteral("true"), QStringLiteral("false")}));
    return std::nullopt;
}

std::optional<std::chrono::milliseconds> Fields::duration(const char *key, Need need)
{
    const QString what = Words::tr("a duration such as 500ms, 30s, 5m, 2h or 3d");
    const std::optional<QString> text = scalar(key, need, what);
    if (!text)
        return std::nullopt;
    const auto duration = parseDuration(*text);
    if (!duration)
        expected(key, what, m_map.value(QString(QLatin1String(key))));
    return duration;
}

std::optional<int> Fields::percent(const char *key, Need need)
{
    const QString what = Words::tr("per cent as a whole number from 0 to 100 without a sign");
    const std::optional<QString> text = scalar(key, need, what);
    if (!text)
        return std::nullopt;
    const YamlNode value = m_map.value(QString(QLatin1String(key)));
    bool fits = false;
    const int number = text->toInt(&fits);
    if (!value.isPlain() || !isDigits(*text) || !fits || number < 0 || number > 100) {
        expected(key, what, value);
        return std::nullopt;
    }
    return number;
}

std::optional<QUrl> Fields::url(const char *key, Need need)
{
    const std::optional<QString> text = scalar(key, need, Words::tr("an address"));
    if (!text)
        return std::nullopt;
    const QUrl url(*text, QUrl::StrictMode);
    const YamlNode value = m_map.value(QString(QLatin1String(key)));
    if (!url.userInfo().isEmpty()) {
        // What was found is not repeated: it may be a password.
        m_problems.add(value.at(), Words::tr("%1: expected an address without a user name or "
                                             "password; a credential does not belong in this file")
                                       .arg(QLatin1String(key)));
        return std::nullopt;
    }
    const QString scheme = url.scheme();
    if (!url.isValid() || url.host().isEmpty()
        || (scheme != QLatin1String("https") && scheme != QLatin1String("http"))) {
        expected(key, Words::tr("an address such as https://host/path"), value);
        return std::nullopt;
    }
    return url;
}

std::optional<QDate> Fields::date(const char *key, Need need)
{
    const QString what = Words::tr("a date such as 2026-12-15");
    const std::optional<QString> text = scalar(key, need, what);
    if (!text)
        return std::nullopt;
    const QDate date = QDate::fromString(*text, QStringLiteral("yyyy-MM-dd"));
    if (!date.isValid()) {
        expected(key, what, m_map.value(QString(QLatin1String(key))));
        return std::nullopt;
    }
    return date;
}

std::optional<qsizetype> Fields::wordIndex(const char *key, const QStringList &words, Need need)
{
    const QString what = words.size() == 1
                             ? words.first()
                             : Words::tr("one of %1").arg(words.join(QStringLiteral(", ")));
    const std::optional<QString> text = scalar(key, need, what);
    if (!text)
        return std::nullopt;
    const qsizetype index = words.indexOf(*text);
    if (index < 0) {
        expected(key, what, m_map.value(QString(QLatin1String(key))), nearestWord(*text, words));
        return std::nullopt;
    }
    return index;
}

} // namespace pilothouse
