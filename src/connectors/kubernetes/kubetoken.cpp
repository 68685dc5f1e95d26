#include "connectors/kubernetes/kubetoken.h"

#include "base/future.h"
#include "base/words.h"

#include <QFile>

namespace pilothouse {
KubeToken::KubeToken(KubeContext context) : m_context(std::move(context)) {}

QFuture<Result<Secret>> KubeToken::token()
{
    if (m_context.tokenFile.isEmpty())
        return ready<Secret>(m_context.token);
    QFile file(m_context.tokenFile);
    if (!file.open(QIODevice::ReadOnly))
        return ready<Secret>(fail(ErrorKind::SignedOut,
                                  Words::tr("The token file of context “%1” cannot be read. Sign "
                                            "in to the cluster again.")
                                      .arg(m_context.name),
                                  file.errorString()));
    const Secret token(file.readAll().trimmed());
    // Nothing would be taken for "none needed", and the server would refuse nobody.
    if (token.isEmpty())
        return ready<Secret>(fail(ErrorKind::SignedOut,
                                  Words::tr("The token file of context “%1” is empty. Sign in to "
                                            "the cluster again.")
                                      .arg(m_context.name)));
    return ready<Secret>(token);
}

} // namespace pilothouse
