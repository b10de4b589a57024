# O que a moderação ajusta, e o que se lê onde algo não é permitido.

moderating-blocked-here = Você não pode sonhar neste servidor: a moderação bloqueou você. Ela pode desfazer isso com /unblock.
moderating-blocked-everywhere = Quem me administra bloqueou você, então não posso sonhar para você.
moderating-blocked-server = Quem me administra bloqueou este servidor, então não sonho nada aqui.
moderating-not-here = Não posso sonhar neste canal; me peça em { $channels }
moderating-no-pictures = Com seus cargos não há sonhos neste servidor; a moderação pode mudar isso com /settings.
moderating-day-full = { $count ->
    [one] Você já teve seu sonho do dia aqui. O próximo será { $when }.
   *[other] Você já teve seus { $count } sonhos do dia aqui. O próximo será { $when }.
}
moderating-queue-full = { $count ->
    [one] Você já tem um sonho esperando aqui, e só pode haver um por vez. Peça de novo quando ele ficar pronto.
   *[other] Você já tem { $count } sonhos esperando aqui, e não pode haver mais. Peça de novo quando um deles ficar pronto.
}
moderating-too-intense = Neste servidor a intensidade vai de 1 a { $most }; escolha uma dessas.
moderating-no-films = Seus cargos não permitem vídeos neste servidor; imagens, sim.
moderating-too-long = { $most ->
    [one] Aqui um vídeo dura no máximo { $most } segundo; peça um mais curto.
   *[other] Aqui um vídeo dura no máximo { $most } segundos; peça um mais curto.
}

moderating-page-title = O que posso fazer aqui
moderating-page-channels = **Onde posso sonhar**
moderating-page-everywhere = Em todo lugar
moderating-page-autodream = **Sonho automático neste canal**
    { $state }
moderating-page-change = Mudar…
moderating-page-limits = **O que cada um pode ter**
moderating-page-everyone = Todos…
moderating-page-role = Limites de um cargo…
moderating-page-remove = Sem limites próprios: { $role }
moderating-page-remove-which = Tirar os limites de um cargo…
moderating-page-intensity = Intensidade: até { $most }
moderating-page-language = Idioma: { $language }
moderating-page-language-asked = Idioma: o de quem pede
moderating-page-delete-asker = Apagar: quem pediu, moderação
moderating-page-delete-everyone = Apagar: todos
moderating-page-captions = { $state ->
    [on] Legendas deformadas: sim
   *[off] Legendas deformadas: não
}
moderating-page-previews = { $state ->
    [on] Prévias: sim
   *[off] Prévias: não
}
moderating-page-hall = **Hall da fama**: sonhos com ⭐ suficientes são encaminhados para um canal
moderating-page-hall-none = Desligado; escolha um canal
moderating-page-stars = { $count ->
    [one] Hall da fama: a partir de uma ⭐
   *[other] Hall da fama: a partir de { $count } ⭐
}
moderating-page-gallery-how = **Galeria na web**: os membros podem mostrar lá seus sonhos daqui. “Não permitido” também retira os que já estão lá.
moderating-page-gallery = { $state ->
    [on] Mostrar: permitido
   *[off] Mostrar: não permitido
}
moderating-page-log = **Onde conto à moderação o que foi feito**
moderating-page-log-none = Em nenhum lugar
moderating-page-lacking = Em { $channel } me falta { $permissions }
moderating-back = Voltar
moderating-not-yours = Isso é com a moderação deste servidor.
moderating-stale = Esta página está desatualizada; abra outra com /settings.
moderating-too-many-roles = { $most } cargos já têm limites; tire antes os de outro cargo.

moderating-limit-pictures = { $count ->
    [0] nenhum sonho
    [one] { $count } sonho por dia
   *[other] { $count } sonhos por dia
}
moderating-limit-seconds = { $count ->
    [0] nenhum vídeo
   *[other] vídeos de até { $count } s
}
moderating-limit-side = até { $count }×{ $count } pixels
moderating-limit-queue = { $count } esperando por vez
moderating-limit-none = sem limites

moderating-form-title = Limites: { $role }
moderating-form-none = vazio: sem limite
moderating-form-pictures = Sonhos por dia
moderating-form-pictures-how = De 0 a 10000; com 0 não há nenhum
moderating-form-pictures-wrong = Os sonhos por dia são um número inteiro de 0 a 10000, ou nada para não ter limite.
moderating-form-seconds = Vídeo mais longo, em segundos
moderating-form-seconds-how = De 0 a 60; com 0 não há vídeos
moderating-form-seconds-wrong = O vídeo mais longo dura de 0 a 60 segundos, ou nada para não ter limite.
moderating-form-side = Maior imagem, em pixels
moderating-form-side-how = De 256 a 4096: o lado de um quadrado desse tamanho
moderating-form-side-wrong = A maior imagem é um número inteiro de pixels de 256 a 4096, ou nada para não ter limite.
moderating-form-queue = Sonhos esperando por vez
moderating-form-queue-how = De 1 a 100
moderating-form-queue-wrong = Os sonhos esperando são um número inteiro de 1 a 100, ou nada para não ter limite.

moderating-auto-title = Sonho automático em { $channel }: { $state }
moderating-auto-now = O sonho automático agora está { $state }.
moderating-auto-off = desligado
moderating-auto-post = ligado, { NUMBER($fraction, style: "percent", maximumFractionDigits: 0) } das imagens
moderating-auto-reaction = ligado, com um 👁️ em uma imagem
moderating-auto-blind = Não vejo as imagens que publicam: o “message content intent” está desligado no portal de desenvolvedores, e só quem é dono do bot pode mudar isso.
moderating-auto-elsewhere = Não posso sonhar neste canal: ele não está escolhido em /settings.
moderating-chance-off = Desligado
moderating-chance = Ligado: { NUMBER($fraction, style: "percent", maximumFractionDigits: 0) } das imagens
moderating-trigger-post = Quando: uma imagem é publicada
moderating-trigger-reaction = Quando: alguém põe um 👁️ em uma imagem
moderating-look-surprise = Visual: uma surpresa a cada vez
moderating-look-roulette = Visual: um estilo ao acaso a cada vez
moderating-cooldown-none = Pausa: nenhuma
moderating-cooldown-seconds = Pausa: { $count } s
moderating-cooldown-minutes = Pausa: { $count } min
moderating-cooldown-hours = Pausa: { $count } h
moderating-hourly = No máximo { $count } por hora
moderating-hourly-most = No máximo { $count } por hora, meu limite

moderating-block-whom = Não dá para bloquear bots nem você mesmo; diga outra pessoa.
moderating-block-done = { $person } não pode mais me usar neste servidor. /unblock desfaz isso.
moderating-unblock-done = { $person } pode me usar de novo.
moderating-unblock-not = { $person } não tinha bloqueio aqui.
moderating-blocked-list = Bloqueios daqui: { $people }
moderating-blocked-nobody = Ninguém tem bloqueio aqui.
moderating-forget-what = Me dê o link da mensagem de um sonho (segurar → Copiar link da mensagem), ou uma pessoa.
moderating-not-a-dream = Essa não é uma mensagem com um sonho deste servidor, ou ele já foi esquecido.
moderating-forget-none = Não há nenhum sonho de { $person } aqui.
moderating-forget-sure = { $count ->
    [one] Há { $count } sonho de { $person } aqui, com o que se sonhou a partir dele. Não dá para recuperar.
   *[other] Há { $count } sonhos de { $person } aqui, com o que se sonhou a partir deles. Não dá para recuperar.
}
moderating-forget-button = { $count ->
    [one] Remover { $count } sonho
   *[other] Remover { $count } sonhos
}
moderating-forget-done = { $count ->
    [0] Nada foi removido.
    [one] { $count } sonho se foi, com seus arquivos.
   *[other] { $count } sonhos se foram, com seus arquivos.
}
moderating-forget-left = { $count ->
    [one] { $count } mensagem não pôde ser removida: não vejo o canal dela, ou você não o modera.
   *[other] { $count } mensagens não puderam ser removidas: não vejo os canais delas, ou você não os modera.
}
moderating-forget-more = Pode haver mais; peça outra vez.

moderating-queue = { $count ->
    [0] Nada espera aqui.
    [one] { $count } sonho em andamento
   *[other] { $count } sonhos em andamento
}
moderating-queue-more = … e mais { $count }
moderating-queue-somebody = alguém
moderating-queue-refresh = Atualizar
moderating-queue-pick = Cancelar um deles…
moderating-queue-cancel = Cancelar { $dream }
moderating-queue-over = Esse sonho já acabou.
moderating-queue-place = { core-place }
moderating-queue-place-until = { core-place }, pronto em cerca de { $duration }
moderating-queue-percent = { NUMBER($fraction, style: "percent", maximumFractionDigits: 0) }
moderating-queue-left = { moderating-queue-percent }, faltam { $duration }
moderating-state-received = olhando a imagem
moderating-state-queued = esperando
moderating-state-running = sendo sonhado
moderating-state-delivering = sendo enviado
moderating-kind-dream = sonho
moderating-kind-hellscape = inferno
moderating-kind-summon = invocação
moderating-kind-repeat = receita
moderating-kind-autodream = sonho automático

moderating-log-settings = { $who } mudou minhas configurações.
moderating-log-look-saved = { $who } salvou o visual “{ $name }” para este servidor.
moderating-log-look-deleted = { $who } apagou o visual “{ $name }” deste servidor.
moderating-log-auto-on = { $who } ligou o sonho automático em { $channel }.
moderating-log-auto-off = { $who } desligou o sonho automático em { $channel }.
moderating-log-block = { $who } bloqueou { $person }.
moderating-log-unblock = { $who } desbloqueou { $person }.
moderating-log-cancelled = { $who } cancelou um sonho de { $person }.
moderating-log-forgot = { $count ->
    [one] { $who } mandou esquecer { $count } sonho.
   *[other] { $who } mandou esquecer { $count } sonhos.
}
moderating-log-forgot-of = { $count ->
    [one] { $who } mandou esquecer { $count } sonho de { $person }.
   *[other] { $who } mandou esquecer { $count } sonhos de { $person }.
}
