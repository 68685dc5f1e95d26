#include "connectors/secrets/environmenttoken.h"

#include "base/future.h"
#include "base/words.h"

namespace pilothouse {
EnvironmentToken::EnvironmentToken(QString variable) : m_variable(std::move(variable)) {}

QFuture<Result<Secret>> EnvironmentToken::token()
{
    const QByteArray value = qgetenv(m_variable.toLocal8Bit().constData()).trimmed();
    if (value.isEmpty())
        return ready<Secret>(fail(ErrorKind::SignedOut,
                                  Words::tr("The environment variable %1 is empty. Set it to the "
                                            "token and start the console again.")
                                      .arg(m_variable)));
    return ready<Secret>(Secret(value));
}

} // namespace pilothouse
